// messenger-client as the conformance kit runs a client: commands on standard input, reports on standard output.
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { createClient, type MessageWindow } from '../../sdk/src/index.js';

const { MESSENGER_URL: url = '', MESSENGER_TOKEN_URL: tokenUrl = '' } = process.env;

const client = createClient({
  url,
  getToken: async ({ reason }) => {
    const response = await fetch(`${tokenUrl}?reason=${reason}`);
    return ((await response.json()) as { token: string }).token;
  },
  WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
});

const NEWEST = 20;
const windows = new Map<number, MessageWindow>();

/** What the user sees of a chat, without what still waits to be sent. */
function report(chatId: number): object {
  const info = client.chat(chatId).info.getSnapshot();
  const window = windows.get(chatId) ?? client.chat(chatId).messages({ limit: NEWEST });
  windows.set(chatId, window);
  const list = window.getSnapshot();
  // Older ones are there the next time.
  if (list.hasOlder && !list.isLoading && list.length < NEWEST) window.loadOlder().catch(() => undefined);
  const messages = [...list].filter(({ state }) => state === 'sent');
  return {
    chat_id: chatId,
    pts: info?.pts,
    name: info?.name,
    participant_count: info?.participant_count,
    last_read_message_id: info?.last_read_message_id,
    messages: messages.map(({ id, author_id, contents }) => ({ id, author_id, contents })),
  };
}

interface Command {
  readonly command: string;
  readonly chat_id: number;
  readonly contents: string;
}

createInterface(process.stdin)
  .on('line', (line) => {
    const { command, chat_id, contents } = JSON.parse(line) as Command;
    if (command === 'send') client.chat(chat_id).send(contents);
    else {
      const { chats, archived } = client.chats.getSnapshot();
      for (const { id } of [...chats, ...archived]) console.log(JSON.stringify(report(id)));
      console.log('{"end":true}');
    }
  })
  .on('close', () => process.exit(0));
