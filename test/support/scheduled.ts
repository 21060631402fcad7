import type { Answer, Person } from './client.js';
import type { Database } from '../../src/database/index.js';

const HOUR_MS = 3_600_000;

/** To be sent in an hour, unless another time is given. */
export function schedule(person: Person, chatId: number, given: object = {}): Promise<Answer> {
  const send_at = new Date(Date.now() + HOUR_MS).toISOString();
  return person.post(`/chat/${chatId}/scheduled`, { contents: 'later', send_at, ...given });
}

interface Target {
  readonly db: Database;
}

/** The time of those that wait has come. */
export async function letCome({ db }: Target, ...ids: number[]): Promise<void> {
  await db.$executeRaw`
    update public.scheduled_message set send_at = now(), due_at = now() where id = any (${ids}) and state = 'waiting'`;
}

/** The same of all that wait. */
export async function letAllCome({ db }: Target): Promise<void> {
  await db.$executeRaw`update public.scheduled_message set due_at = now() where state = 'waiting'`;
}
