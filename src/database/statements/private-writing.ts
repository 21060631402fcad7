import { peerId } from './private-key.js';

/** Of a private chat, how many of the first messages and of the last are looked at to know whether somebody has written. */
const LOOKED_AT = 100;

/** SQL for whether one of the two users has blocked the other. Each direction is one look into the primary key. */
export function isBlocked(oneId: string, otherId: string): string {
  const blocks = (userId: string, blockedId: string) => `exists (
      select from public.user_block
      where user_id = ${userId} and blocked_user_id = ${blockedId} and blocked_at is not null
      offset 0
    )`;
  return `(${blocks(oneId, otherId)} or ${blocks(otherId, oneId)})`;
}

/**
 * SQL for whether the writer may write to the other privately. It is all that decides it, and every no is the same error: what
 * else forbids it belongs here.
 * @param isKnown SQL for whether the writer is no new person to the other, who has written to them.
 */
export function mayWriteTo(writerId: string, otherId: string, isKnown = 'false'): string {
  return `exists (
      select from public."user" reached
      where reached.id = ${otherId}
        and reached.suspended_at is null and reached.erased_at is null
        and not ${isBlocked(writerId, 'reached.id')}
        and (reached.accepts_messages = 'everybody' or ${isKnown})
      offset 0
    )`;
}

/** SQL for the same in the row of a chat that is called chat, in which the writer is. In a group nothing is looked up. */
export function mayWriteIn(writerId: string): string {
  const isAmong = (order: 'asc' | 'desc') => `exists (
        select from (
          select author_id from public.message where message.chat_id = chat.id order by message.id ${order} limit ${LOOKED_AT}
        ) looked_at
        where author_id = reached.id
        offset 0
      )`;
  const isKnown = `${isAmong('asc')} or ${isAmong('desc')}`;
  return mayWriteAsAnybody(writerId, isKnown);
}

/** SQL for whether the writer may write there even if nobody knew them: if not, mayWriteIn says whether they may. */
export function mayWriteAsAnybody(writerId: string, isKnown?: string): string {
  return `case when chat.private_key is null then true else ${mayWriteTo(writerId, peerId(writerId), isKnown)} end`;
}
