import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Person } from '../../../test/support/client.js';
import { urlOf } from '../../../test/support/socket.js';
import { MessengerClient, type ClientOptions } from '../../src/messenger-client.js';
import { TIMING, type Timing } from '../../src/timing.js';

/** As in life, but nobody waits for long. */
const QUICK: Timing = {
  ...TIMING,
  backoffFirstMs: 20,
  backoffLongestMs: 200,
  openTimeoutMs: 5000,
  answerTimeoutMs: 8000,
  resyncSpreadMs: 20,
  socketRetryMs: 500,
  tokenFirstMs: 20,
  tokenLongestMs: 200,
};

/** A device of the person. It is closed with the test. */
export function deviceOf(
  { token, test }: Person,
  options: Partial<ClientOptions> = {},
  timing: Partial<Timing> = {},
): MessengerClient {
  const client = new MessengerClient(
    {
      url: urlOf(test, 'http'),
      getToken: () => token,
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
      prefetch: 0,
      onError: (error) => {
        throw error;
      },
      ...options,
    },
    { ...QUICK, ...timing },
  );
  onTestFinished(() => {
    client.close();
  });
  return client;
}

export async function online(client: MessengerClient): Promise<void> {
  await expect.poll(() => client.connection.getSnapshot().state).toBe('online');
}

/** A device that is up to date. */
export async function onlineDevice(...args: Parameters<typeof deviceOf>): Promise<MessengerClient> {
  const client = deviceOf(...args);
  await online(client);
  return client;
}

/** What a chat shows: the texts, and what is not simply there. */
export function texts(client: MessengerClient, chatId: number, limit = 1000): string[] {
  const list = client.chat(chatId).messages({ limit }).getSnapshot();
  return list.slice().map(({ contents, state, error }) => {
    return state === 'sent' ? contents : `${contents} (${error ?? state})`;
  });
}
