import { MINE, isApart, type MessageRow, type ReadModel, type Transaction } from '../database/index.js';

/** Who sees a change. An event is the same for everybody: where what they see differs, all get a hint, and each syncs what they may see. */
export type Seen =
  | { readonly by: 'all' | 'each otherwise'; readonly as?: undefined }
  /** A user, and the others get its number; `as` is what that one sees. Others see nothing of the message, or see it otherwise. */
  | { readonly by: number; readonly as?: MessageRow };

const EACH_OTHERWISE: Seen = { by: 'each otherwise' };

export function seenBy(userId: number | undefined): Seen {
  return userId === undefined ? { by: 'all' } : { by: userId };
}

/**
 * Who sees all that each message shows: not the results of a poll before they have voted, nor what was sent before they came. Of what is done
 * in the shadow the devices of who does it are told as always.
 */
export async function readSeen(
  tx: Transaction,
  model: ReadModel,
  { chatId, actorId }: { readonly chatId: number; readonly actorId: number },
  messages: readonly MessageRow[],
): Promise<(message: MessageRow) => Seen> {
  const asked = messages.filter(({ poll }) => poll?.results !== 'after_vote' || poll.closed_at !== undefined);
  if (asked.length === 0) return () => EACH_OTHERWISE;
  const ids = asked.map(({ id }) => id);
  const oldestIds = asked.map((message) => Math.min(message.id, message.reply_to?.id ?? Infinity));
  const found = await tx.$queryRaw<{ id: bigint; is_older: boolean; is_apart: boolean }[]>`
    select m.id, exists (
        select from public.chat_participant where chat_id = ${chatId} and history_from_id > asked.oldest_id
      ) as is_older,
      m.own_edit is not null or m.shadowed is not null or m.shadow_replies is not null or m.reply_to_id is not null and exists (
        select from (select shadowed, own_edit from public.message where id = m.reply_to_id offset 0) answered
        where answered.shadowed or answered.own_edit is not null
      ) as is_apart
    from unnest(${ids}::int8[], ${oldestIds}::int8[]) asked (id, oldest_id)
    join public.message m on m.id = asked.id`;
  const seen = new Map<number, Seen>();
  for (const { id, is_older, is_apart } of found)
    seen.set(Number(id), is_older || is_apart ? EACH_OTHERWISE : { by: 'all' });
  const apart = found.filter(({ is_older, is_apart }) => is_apart && !is_older);
  if (apart.length > 0) {
    const rows = await tx.$queryRawUnsafe<{ id: bigint; by: bigint; message: MessageRow }[]>(
      `select m.id, mine.user_id as by, ${model.message.json('m', { ...MINE, isOfEvent: true })} as message
      from public.message m
      join public.chat_participant mine on mine.chat_id = m.chat_id
        and mine.user_id = case when ${isApart('m')} then m.author_id else $2::int8 end
      where m.id = any ($1::int8[])`,
      apart.map(({ id }) => id),
      actorId,
    );
    for (const { id, by, message } of rows) seen.set(Number(id), { by: Number(by), as: message });
  }
  return ({ id }) => seen.get(id) ?? EACH_OTHERWISE;
}
