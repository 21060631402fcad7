// messenger-client as the conformance kit runs a client: commands on standard input, reports on standard output.
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { CHAT_FIELDS, MESSAGE_FIELDS } from '../../scripts/conformance/optional-fields.js';
import { createClient, type MessageWindow, type ShownMessage } from '../../sdk/src/index.js';

const { MESSENGER_URL: url = '', MESSENGER_TOKEN_URL: tokenUrl = '' } = process.env;

const client = createClient({
  url,
  getToken: async ({ reason }) => {
    const response = await fetch(`${tokenUrl}?reason=${reason}`);
    return ((await response.json()) as { token: string }).token;
  },
  WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
});

/** All that a client may report. */
const CHAT = ['pts', 'name', 'participant_count', ...CHAT_FIELDS] as const;
const MESSAGE = ['id', 'author_id', 'contents', ...MESSAGE_FIELDS] as const;

const NEWEST = 20;
const windows = new Map<number, MessageWindow>();

/** Null stands for what is not there. */
function fieldsOf<T extends object>(names: readonly (keyof T)[], from: T | undefined): object {
  return Object.fromEntries(names.map((name) => [name, from?.[name] ?? null]));
}

/** The server deletes it a little later, and the client may be away then. */
function hasDisappeared({ expires_at }: ShownMessage): boolean {
  return expires_at !== undefined && Date.parse(expires_at) <= Date.now();
}

/** What the user sees of a chat, without what still waits to be sent. */
function report(chatId: number): object {
  const info = client.chat(chatId).info.getSnapshot();
  const window = windows.get(chatId) ?? client.chat(chatId).messages({ limit: NEWEST });
  windows.set(chatId, window);
  const list = window.getSnapshot();
  // Older ones are there the next time.
  if (list.hasOlder && !list.isLoading && list.length < NEWEST) window.loadOlder().catch(() => undefined);
  const messages = [...list].filter((message) => message.state === 'sent' && !hasDisappeared(message));
  return {
    chat_id: chatId,
    ...fieldsOf(CHAT, info),
    messages: messages.map((message) => fieldsOf(MESSAGE, message)),
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
