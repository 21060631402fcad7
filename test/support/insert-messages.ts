import type { Person, TestTarget } from './client.js';

/** As if so many had been sent one after the other, each with its number and the contents; the newest comes last. */
export async function insertMessages(
  { db }: TestTarget,
  chatId: number,
  author: Pick<Person, 'id'>,
  count: number,
  contents = '',
): Promise<void> {
  const [chat_id, author_id] = [BigInt(chatId), BigInt(author.id)];
  const inserted = db.$executeRaw`
    insert into message (chat_id, author_id, contents, pts)
    select ${chat_id}, ${author_id}, 'm' || n || ${contents}, last_pts + n
    from chat, generate_series(1, ${count}::int) n where chat.id = ${chat_id} order by n`;
  const counted = db.$executeRaw`
    update chat set last_pts = last_pts + ${count}::int,
      last_message_id = (select max(id) from message where chat_id = ${chat_id})
    where id = ${chat_id}`;
  // Others may send meanwhile.
  await db.$transaction([db.$executeRaw`select from chat where id = ${chat_id} for no key update`, inserted, counted]);
}
