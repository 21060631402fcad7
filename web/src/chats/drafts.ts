import type { MessengerClient, View } from 'messenger-client';
import { kept } from '../app/kept.js';
import { signal, type Signal } from '../app/signal.js';

const WRITE_AFTER_MS = 200;
/** So long one writes before the other devices are told. */
const SHARE_AFTER_MS = 1000;

/** What is being written in a chat, by account and chat; it is kept as one types. */
interface Draft {
  readonly text: Signal<string>;
  /** Whether the server has something else: then this device is ahead of it. */
  isAhead: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
  sharing: ReturnType<typeof setTimeout> | undefined;
}

const drafts = new Map<string, Draft>();

function keyOf(userId: string, chatId: number, threadId?: number): string {
  return `draft.${userId}.${chatId}${threadId === undefined ? '' : `.t${threadId}`}`;
}

/** Kept beside the text while the server has something else. */
const aheadOf = (key: string) => `${key}.ahead`;

function draftAt(key: string): Draft {
  let draft = drafts.get(key);
  if (!draft) {
    const isAhead = kept.read(aheadOf(key)) !== null;
    draft = { text: signal(kept.read(key) ?? ''), isAhead, timer: undefined, sharing: undefined };
    drafts.set(key, draft);
  }
  return draft;
}

function write(key: string, { text, isAhead }: Draft): void {
  kept.write(key, text.getSnapshot() || null);
  kept.write(aheadOf(key), isAhead ? '1' : null);
}

export function draftOf(userId: string, chatId: number, threadId?: number): View<string> {
  return draftAt(keyOf(userId, chatId, threadId)).text;
}

function keepText(key: string, text: string): void {
  const draft = draftAt(key);
  draft.text.set(text);
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => write(key, draft), WRITE_AFTER_MS);
}

/** Keeps what the user writes in a thread, in this browser. */
export function keepThreadDraft(userId: string, chatId: number, threadId: number, text: string): void {
  keepText(keyOf(userId, chatId, threadId), text);
}

/** Keeps what the user writes here, and after a while for their other devices. */
export function keepDraft(client: MessengerClient, userId: string, chatId: number, text: string): void {
  const key = keyOf(userId, chatId);
  const draft = draftAt(key);
  draft.isAhead = true;
  keepText(key, text);
  clearTimeout(draft.sharing);
  draft.sharing = setTimeout(() => void share(client, key, chatId), SHARE_AFTER_MS);
}

/** Tells the server of a draft that this device could not tell it of before. */
export function shareDraft(client: MessengerClient, userId: string, chatId: number): void {
  const key = keyOf(userId, chatId);
  const { isAhead, sharing } = draftAt(key);
  if (isAhead && sharing === undefined) void share(client, key, chatId);
}

async function share(client: MessengerClient, key: string, chatId: number): Promise<void> {
  const draft = draftAt(key);
  draft.sharing = undefined;
  const contents = draft.text.getSnapshot();
  const path = { chat_id: chatId };
  try {
    if (contents === '') await client.ask('DELETE', '/chat/{chat_id}/draft', { path, query: {} });
    else await client.ask('PUT', '/chat/{chat_id}/draft', { path, body: { contents } });
  } catch {
    // Without a network, or in a chat that is gone: it stays here, and is told with the next connection.
    return;
  }
  if (draft.text.getSnapshot() !== contents || drafts.get(key) !== draft) return;
  draft.isAhead = false;
  write(key, draft);
}

/** Takes what another device has written, unless this one is ahead. */
export function takeDraft(userId: string, chatId: number, text: string): void {
  const key = keyOf(userId, chatId);
  const draft = draftAt(key);
  if (draft.isAhead || draft.text.getSnapshot() === text) return;
  draft.text.set(text);
  write(key, draft);
}

/** A page that is closed has no time left. */
addEventListener('pagehide', () => {
  for (const [key, draft] of drafts) write(key, draft);
});

export function forgetDrafts(userId: string): void {
  const prefix = keyOf(userId, 0).slice(0, -1);
  for (const [key, { timer, sharing }] of drafts) {
    if (!key.startsWith(prefix)) continue;
    clearTimeout(timer);
    clearTimeout(sharing);
    drafts.delete(key);
  }
  kept.forget(prefix);
}
