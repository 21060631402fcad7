import type { View } from 'messenger-client';
import { kept } from '../app/kept.js';
import { signal, type Signal } from '../app/signal.js';

const WRITE_AFTER_MS = 200;

/** What is being written in a chat, by account and chat; it is kept as one types. */
interface Draft {
  readonly text: Signal<string>;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const drafts = new Map<string, Draft>();

function keyOf(userId: string, chatId: number): string {
  return `draft.${userId}.${chatId}`;
}

function draftAt(key: string): Draft {
  let draft = drafts.get(key);
  if (!draft) drafts.set(key, (draft = { text: signal(kept.read(key) ?? ''), timer: undefined }));
  return draft;
}

export function draftOf(userId: string, chatId: number): View<string> {
  return draftAt(keyOf(userId, chatId)).text;
}

export function keepDraft(userId: string, chatId: number, text: string): void {
  const key = keyOf(userId, chatId);
  const draft = draftAt(key);
  draft.text.set(text);
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => kept.write(key, text === '' ? null : text), WRITE_AFTER_MS);
}

/** A page that is closed has no time left. */
addEventListener('pagehide', () => {
  for (const [key, { text }] of drafts) kept.write(key, text.getSnapshot() || null);
});

export function forgetDrafts(userId: string): void {
  const prefix = keyOf(userId, 0).slice(0, -1);
  for (const [key, { timer }] of drafts) {
    if (!key.startsWith(prefix)) continue;
    clearTimeout(timer);
    drafts.delete(key);
  }
  kept.forget(prefix);
}
