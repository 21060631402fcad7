import type { Projection } from '../projection.js';
import { idList, type Statement } from './statement.js';

/** A user as they see themselves. */
export interface UserRow {
  readonly id: number;
}

export type UserProjection = Projection<UserRow>;

/** A user as others see them. */
export interface PersonRow {
  readonly id: number;
}

export type PersonProjection = Projection<PersonRow>;

/** $1 the users. No row for one that does not exist. */
export function findUsers(users: UserProjection): Statement<unknown[], UserRow> {
  return {
    name: 'user_find',
    text: `
    select ${users.columns('found')}
    from unnest(${idList('$1')}) asked (user_id)
    cross join lateral (
      select * from public."user" where id = asked.user_id and erased_at is null offset 0
    ) found`,
    row: (columns) => required(users.row(columns)),
  };
}

/** Where a user's own log stands. */
export interface OwnPosition {
  readonly userId: number;
  readonly mePts: number;
}

/** $1 the users. A row for each who exists. */
export const findOwnPositions: Statement<[number, number], OwnPosition> = {
  name: 'user_positions',
  text: `
    select found.id, coalesce(log.me_pts, 0) from unnest(${idList('$1')}) asked (user_id)
    cross join lateral (
      select id from public."user" where id = asked.user_id and erased_at is null offset 0
    ) found
    left join lateral (select me_pts from public.user_log where user_id = asked.user_id offset 0) log on true`,
  row: ([userId, mePts]) => ({ userId, mePts }),
};

/** $1 the users. No row for one who does not exist; those who are erased are shown as they are left. */
export function findPeople(people: PersonProjection): Statement<unknown[], PersonRow> {
  return {
    name: 'user_people',
    text: `
    select ${people.columns('found')} from unnest(${idList('$1')}) asked (user_id)
    cross join lateral (select * from public."user" where id = asked.user_id offset 0) found`,
    row: (columns) => required(people.row(columns)),
  };
}

export function required<Row>(row: Row | null): Row {
  if (row === null) throw new Error('A user without an id.');
  return row;
}
