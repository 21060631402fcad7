import type { MessengerClient } from 'messenger-client';
import { go } from '../app/address.js';

const PATIENCE_MS = 5000;

/** Settles when the client has a chat that was just joined, or when one has waited long enough. */
function untilThere(client: MessengerClient, chatId: number): Promise<void> {
  const { info } = client.chat(chatId);
  return new Promise((resolve) => {
    const look = () => {
      if (!info.getSnapshot()) return;
      end();
      clearTimeout(timer);
      resolve();
    };
    const end = info.subscribe(look);
    const timer = setTimeout(() => {
      end();
      resolve();
    }, PATIENCE_MS);
    look();
  });
}

/** Opens a chat that was just joined, in place of the way into it. */
export async function enterJoined(client: MessengerClient, chatId: number): Promise<void> {
  await untilThere(client, chatId);
  go(`c/${chatId}`, { isInPlace: true });
}
