import { idList, type Statement } from './statement.js';

/** Where a chat stands, and whether a user takes part in it. */
export interface Membership {
  readonly userId: number;
  readonly chatId: number;
  readonly pts: number;
}

type MembershipColumns = [number, number, number | null, number | null];

/** A user, where their own log stands, and one of their chats; undefined in place of it when they have none. */
interface MembershipRow {
  readonly userId: number;
  readonly mePts: number;
  readonly chat: Membership | undefined;
}

/** $1 users; a row for each of their chats, or one without a chat. No row: there is no such user. */
export const findMemberships: Statement<MembershipColumns, MembershipRow> = {
  name: 'membership_find',
  text: `
    select "user".id, coalesce(log.me_pts, 0), chat.id, chat.last_pts
    from (select distinct unnest(${idList('$1')}) as user_id) asked
    cross join lateral (
      select id from public."user" where id = asked.user_id and erased_at is null offset 0
    ) "user"
    left join lateral (select me_pts from public.user_log where user_id = asked.user_id offset 0) log on true
    left join lateral (select chat_id from public.chat_participant where user_id = asked.user_id offset 0) p on true
    left join lateral (select id, last_pts from public.chat where id = p.chat_id offset 0) chat on true`,
  row: ([userId, mePts, chatId, pts]) => {
    return { userId, mePts, chat: chatId === null || pts === null ? undefined : { userId, chatId, pts } };
  },
};

/** $1 users, $2 a chat for each; a row for each of the pairs that is a participation. */
export const checkMemberships: Statement<[number, number, number], Membership> = {
  name: 'membership_check',
  text: `
    select p.user_id, p.chat_id, chat.last_pts
    from unnest(${idList('$1')}, ${idList('$2')}) asked (user_id, chat_id)
    cross join lateral (
      select chat_id, user_id from public.chat_participant
      where chat_id = asked.chat_id and user_id = asked.user_id
      offset 0
    ) p
    cross join lateral (select last_pts from public.chat where id = p.chat_id offset 0) chat`,
  row: ([userId, chatId, pts]) => ({ userId, chatId, pts }),
};

export interface Position {
  readonly chatId: number;
  readonly pts: number;
}

/** $1 chats. */
export const findPositions: Statement<[number, number], Position> = {
  name: 'chat_positions',
  text: `
    select id, last_pts
    from unnest(${idList('$1')}) asked (chat_id)
    cross join lateral (select id, last_pts from public.chat where id = asked.chat_id offset 0) chat`,
  row: ([chatId, pts]) => ({ chatId, pts }),
};

export interface Join {
  readonly userId: number;
  readonly chatId: number;
  /** The number of the participation, which ascends in the order in which they began, not in which they committed. */
  readonly order: number;
}

/** $1 the order after which they begin, $2 how many. */
export const findJoins: Statement<[number, number, number], Join> = {
  name: 'join_find',
  text: `
    select user_id, chat_id, joined_order from public.chat_participant
    where joined_order > $1 order by joined_order limit $2`,
  row: ([userId, chatId, order]) => ({ userId, chatId, order }),
};

export const findLastJoin: Statement<[number], number> = {
  name: 'join_last',
  text: 'select coalesce(max(joined_order), 0) from public.chat_participant',
  row: ([order]) => order,
};

export const findEpoch: Statement<[string], string> = {
  name: 'epoch_find',
  text: 'select epoch::text from public.sync_epoch',
  row: ([epoch]) => epoch,
};
