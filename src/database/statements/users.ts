import { idList, utc, type Statement } from './statement.js';

export interface UserRow {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly username: string;
  readonly email: string;
  readonly bio: string | null;
  readonly email_confirmed: boolean;
}

type Columns = [number, string, string, string, string, string | null, boolean];

/** $1 the users. No row for one that does not exist. */
export const findUsers: Statement<Columns, UserRow> = {
  name: 'user_find',
  text: `
    select id, ${utc('created_at')}, ${utc('updated_at')}, username, email, bio, email_confirmed
    from unnest(${idList('$1')}) asked (user_id)
    cross join lateral (select * from public."user" where id = asked.user_id offset 0) found`,
  row: ([id, created_at, updated_at, username, email, bio, email_confirmed]) => {
    return { id, created_at, updated_at, username, email, bio, email_confirmed };
  },
};

/** $1 the users. A row for each who exists. */
export const findExisting: Statement<[number], number> = {
  name: 'user_existing',
  text: `
    select found.id from unnest(${idList('$1')}) asked (user_id)
    cross join lateral (select id from public."user" where id = asked.user_id offset 0) found`,
  row: ([id]) => id,
};

/** $1 the users. No row for one who does not exist. */
export const findUsernames: Statement<[number, string], readonly [number, string]> = {
  name: 'user_names',
  text: `
    select found.id, found.username from unnest(${idList('$1')}) asked (user_id)
    cross join lateral (select id, username from public."user" where id = asked.user_id offset 0) found`,
  row: (columns) => columns,
};
