import type { MessengerClient } from 'messenger-client';

/** Settles when nothing that was read in a chat, which is just being closed, waits to be told. */
export function readsTold(client: MessengerClient, chatId: number): Promise<void> {
  const waits = () => client.outbox.getSnapshot().some((item) => item.kind === 'read' && item.chatId === chatId);
  return new Promise((resolve) => {
    const look = () => {
      if (waits()) return;
      end();
      resolve();
    };
    const end = client.outbox.subscribe(look);
    // When all parts of the conversation are gone.
    setTimeout(look);
  });
}
