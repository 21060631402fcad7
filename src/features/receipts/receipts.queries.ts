import type { ReadModel, Transaction } from '../../database/index.js';
import type { Receipts } from './receipts.schemas.js';

/** Whether the user shows receipts, and how many people are in the chat. */
export async function findViewer(
  db: Transaction,
  userId: number,
  chatId: number,
): Promise<{ readonly shows_receipts: boolean; readonly participant_count: number } | undefined> {
  const [row] = await db.$queryRaw<[{ shows_receipts: boolean; participant_count: number }?]>`
    select u.shows_receipts, chat.participant_count::int4
    from public."user" u cross join public.chat
    where u.id = ${userId} and chat.id = ${chatId}`;
  return row;
}

/** Those who show receipts, see the message and are not its author; named only when `named`. */
export async function readReceipts(
  db: Transaction,
  { person }: ReadModel,
  message: { readonly id: number; readonly chat_id: number; readonly author_id: number },
  named: boolean,
): Promise<Receipts> {
  const people = (condition: string) =>
    named ? `coalesce(json_agg(shown order by id) filter (where ${condition}), '[]')` : 'null::json';
  const [row] = await db.$queryRawUnsafe<[Receipts]>(
    `select count(*) filter (where has_read)::int4 as read_count,
      count(*) filter (where has_read or has_received)::int4 as delivered_count,
      count(*)::int4 as of_count,
      ${people('has_read')} as read,
      ${people('has_received and not has_read')} as delivered
    from (
      select other.id, ${named ? person.json('other') : 'null::json'} as shown,
        coalesce(p.last_read_message_id >= $2::int8, false) as has_read,
        coalesce(p.delivered_message_id >= $2::int8, false) as has_received
      from public.chat_participant p
      cross join lateral (select ${named ? '*' : 'id, shows_receipts'} from public."user" where id = p.user_id offset 0) other
      where p.chat_id = $1::int8 and p.user_id <> $3::int8 and coalesce(p.history_from_id <= $2::int8, true)
        and other.shows_receipts
    ) reader`,
    message.chat_id,
    message.id,
    message.author_id,
  );
  return row;
}
