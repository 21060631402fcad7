import type { Statement } from './statement.js';

/** Tokens that do not count any more: those of a session, or those of a user, or of everybody, that were issued before a time. */
export interface Revocation {
  readonly id: number;
  readonly sessionId: number | null;
  /** null, without a session: everybody's. */
  readonly userId: number | null;
  /** In ms since 1970. */
  readonly before: number | null;
  /** Whether from now on new tokens of the user do not count either, or do again; null: as before. */
  readonly suspended: boolean | null;
  /** Whether the user is erased, so that no token of theirs ever counts again. */
  readonly erased: boolean | null;
  /** When the last of these tokens has expired by itself, in ms since 1970. */
  readonly keepUntil: number;
}

/** What time it is in the database, in ms since 1970, and a revocation; undefined in place of it: there is none. */
interface RevocationRow {
  readonly now: number;
  readonly revocation: Revocation | undefined;
}

type RevocationColumns = [
  number,
  number | null,
  number | null,
  number | null,
  number | null,
  boolean | null,
  boolean | null,
  number,
];

const inMs = (time: string) => `(extract(epoch from ${time}) * 1000)::float8`;

/** $1 since when they were made, in ms since 1970. A row for each in the order of their ids, or one without one. */
export const findRevocations: Statement<RevocationColumns, RevocationRow> = {
  name: 'revocation_feed',
  text: `
    select ${inMs('now()')}, r.id, r.session_id, r.user_id, ${inMs('r.tokens_before')}, r.suspended, r.erased, ${inMs('r.keep_until')}
    from (select) one
    left join public.revocation r on r.created_at > to_timestamp($1::float8 / 1000) and r.keep_until > now()
    order by r.id`,
  row: ([now, id, sessionId, userId, before, suspended, erased, keepUntil]) => {
    return {
      now,
      revocation: id === null ? undefined : { id, sessionId, userId, before, suspended, erased, keepUntil },
    };
  },
};

/**
 * All who are suspended, with which a node begins: the rows of the feed end after a year. As a range: without statistics the planner
 * takes "is not null" for nearly all users, and a range for few.
 */
export const findSuspendedUsers: Statement<[number], number> = {
  name: 'user_suspended',
  text: `select id from public."user" where suspended_at between '-infinity' and 'infinity'`,
  row: ([userId]) => userId,
};
