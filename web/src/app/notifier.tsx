import type { ShownChat } from 'messenger-client';
import { useEffect, useRef } from 'preact/hooks';
import { isMuted } from '../chats/chat-row.js';
import { lineOf } from '../conversation/mentions.js';
import { wantsNotice } from '../chats/notification-level.js';
import { useTexts } from '../texts/index.js';
import { threadStateOf } from '../threads/thread-state.js';
import { useAccount } from './account-context.js';
import { go } from './address.js';
import { useDeliveries } from './deliveries.js';
import { isMutedPerson } from './muted-people.js';
import { preferences } from './preferences.js';
import { useView } from './use-view.js';

const LONGEST = 120;

interface Props {
  readonly openId: number | undefined;
}

/** Says in the title how much is unread, and tells of new messages while the page can't be seen. */
export function Notifier({ openId }: Props) {
  const { client, userId } = useAccount();
  const texts = useTexts();
  useDeliveries(client);
  const { messages } = useView(client.unread);
  const { chats, isLoaded } = useView(client.chats);
  const { state } = useView(client.connection);
  const people = useView(client.people);
  const me = useView(client.me);
  const open = chats.find(({ id }) => id === openId);
  const newest = useRef<ReadonlyMap<number, number> | undefined>(undefined);

  useEffect(() => {
    const name = open?.title ? `${open.title} – ${texts.messenger}` : texts.messenger;
    document.title = messages > 0 ? `(${messages}) ${name}` : name;
  }, [messages, open?.title, texts]);

  useEffect(() => {
    // What was missed is in the list; only what arrives is told.
    if (!isLoaded || state !== 'online') {
      newest.current = undefined;
      return;
    }
    const before = newest.current;
    newest.current = new Map(chats.map((chat) => [chat.id, chat.last?.id ?? 0]));
    if (!before || !document.hidden || preferences.notices.getSnapshot() === 'off') return;
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    const own = client.own.getSnapshot();
    for (const chat of chats) {
      const { last } = chat;
      if (!last?.id || last.id <= (before.get(chat.id) ?? 0)) continue;
      if (String(last.author_id) === userId || isMuted(chat) || isMutedPerson(own, last.author_id)) continue;
      const threadId = last.thread_id;
      // A reply is unread in its thread, for those who follow it.
      const isNews = threadId === undefined ? chat.unread_count > 0 : threadStateOf(own, threadId)?.following;
      if (!isNews) continue;
      if (!wantsNotice(chat, me, last.mentions)) continue;
      const text = lineOf(last.contents, people, texts);
      const to = threadId === undefined ? `c/${chat.id}` : `c/${chat.id}/t/${threadId}`;
      tell(to, chat, text, chat.type === 'group' ? people.get(last.author_id)?.name : undefined);
    }
  }, [chats, isLoaded, state]);
  return null;
}

function tell(to: string, chat: ShownChat, contents: string, author: string | undefined): void {
  const short = contents.length > LONGEST ? `${contents.slice(0, LONGEST)}…` : contents;
  try {
    const notice = new Notification(chat.title, {
      body: author === undefined ? short : `${author}: ${short}`,
      tag: to,
    });
    notice.addEventListener('click', () => {
      window.focus();
      go(to);
      notice.close();
    });
  } catch {
    // Some browsers on phones let only service workers notify.
  }
}
