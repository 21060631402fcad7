import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Rest } from '../src/rest.js';
import { StreamSession } from '../src/stream-session.js';
import { TIMING } from '../src/timing.js';

const OPEN_MS = 10;

it('ends a stream that was given up while it was opened, so that another one is tried', async () => {
  const rest = {
    open: (_path: string, _token: string, signal: AbortSignal) => {
      const start = (controller: ReadableStreamDefaultController) => {
        signal.addEventListener('abort', () => {
          controller.error(signal.reason);
        });
      };
      return Promise.resolve(new Response(new ReadableStream({ start })));
    },
    ask: () => sleep(3 * OPEN_MS, { id: 1 }),
  } as unknown as Rest;
  const session = await StreamSession.open(rest, 'a token', { ...TIMING, openTimeoutMs: OPEN_MS }, () => undefined);
  await expect(session.ended).resolves.toMatchObject({ code: 1006 });
});
