import type pg from 'pg';
import type { DatabaseDeeds } from './database.js';

/** Within a transaction that sees one instant. */
export async function readDeeds(client: pg.Client): Promise<DatabaseDeeds> {
  const read = async <Row>(sql: string) => (await client.query(sql)).rows as Row[];
  const reactions = await read<{ user_id: string; message_id: string; emoji: string }>(
    'select user_id, message_id, emoji from reaction',
  );
  const pins = await read<{ message_id: string }>('select message_id from message_pin');
  const ballots = await read<{ user_id: string; message_id: string; option_ids: number[] }>(
    'select user_id, message_id, option_ids from poll_ballot',
  );
  const scheduled = await read<{ client_id: string; state: string; reason: string | null; send_at: Date }>(
    'select client_id, state, reason, send_at from scheduled_message',
  );
  const readers = await read<{ user_id: string; chat_id: string }>(
    `select user_id, chat_id from chat_participant where role = 'reader'`,
  );
  const reports = await read<{ reporter_id: string; target_id: string }>(
    `select reporter_id, target_id from report where kind = 'message' and reporter_id is not null`,
  );
  const filed = await read<{ user_id: string; chat_id: string }>(
    `select user_id, jsonb_array_elements_text(folder -> 'chat_ids') as chat_id
    from chat_folders cross join jsonb_array_elements(folders::jsonb) as folder`,
  );
  const ofChat = ({ user_id, chat_id }: { user_id: string; chat_id: string }) => {
    return { userId: Number(user_id), chatId: Number(chat_id) };
  };
  return {
    reactions: reactions.map(({ user_id, message_id, emoji }) => {
      return { userId: Number(user_id), messageId: Number(message_id), emoji };
    }),
    pins: new Set(pins.map(({ message_id }) => Number(message_id))),
    ballots: ballots.map(({ user_id, message_id, option_ids: optionIds }) => {
      return { userId: Number(user_id), messageId: Number(message_id), optionIds };
    }),
    scheduled: scheduled.map(({ client_id: clientId, state, reason, send_at }) => {
      return { clientId, state, reason, sendAt: send_at.getTime() };
    }),
    readers: readers.map(ofChat),
    reports: reports.map(({ reporter_id, target_id }) => {
      return { userId: Number(reporter_id), messageId: Number(target_id) };
    }),
    filed: filed.map(ofChat),
  };
}
