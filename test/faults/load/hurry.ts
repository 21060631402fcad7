import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const TRY_AGAIN_MS = 200;
const TIMEOUT_MS = 3000;

/** No message is scheduled for the next minute, and a short run has no more: it becomes due now, as if that minute had passed. */
export async function hurry(databaseUrl: string, clientId: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({
      ...{ connectionString: databaseUrl, connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS },
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(
        `update scheduled_message set send_at = now(), due_at = now()
        where client_id = $1 and state = 'waiting' and claimed_at is null`,
        [clientId],
      );
      return;
    } catch {
      // PostgreSQL is being restarted.
      await sleep(TRY_AGAIN_MS);
    } finally {
      // Of one that never was connected there is no end to wait for.
      client.end().catch(() => undefined);
    }
  }
}
