import type { HeldChat } from '../held.js';
import type { Replica } from '../replica.js';
import { readTo } from '../unread-count.js';
import { viewOf, type View } from '../view.js';
import { without } from '../without.js';
import { overlayOf, shownMessage, type ShownMessage } from './shown-message.js';

/** A chat as one shows it in a list: with what the user has done and the server may not know yet. */
export interface ShownChat extends Omit<HeldChat, 'last_message' | 'isUnreadUnsure'> {
  /** Its own name, or that of the other person. */
  readonly title: string;
  /** The newest message, perhaps one that waits to be sent. */
  readonly last: ShownMessage | null;
  /** How many sends wait, and how many have failed. */
  readonly pending: number;
  readonly failed: number;
  /** Who is writing. */
  readonly typing: readonly number[];
}

/** All chats: pinned ones first, then by their last activity. */
export interface ChatLists {
  readonly chats: readonly ShownChat[];
  /** Those that the user has put away. */
  readonly archived: readonly ShownChat[];
  /** Whether the chats are known: of this time, or of the last one. */
  readonly isLoaded: boolean;
}

/** What is unread in chats that are neither muted nor archived. */
export interface Unread {
  readonly messages: number;
  readonly chats: number;
}

export function shownChat(replica: Replica, chat: HeldChat): ShownChat {
  const me = replica.userId;
  const waiting = replica.waiting(chat.id);
  const { last_message } = chat;
  const peer = chat.peer && (replica.person(chat.peer.id) ?? chat.peer);
  const { sends, changes } = overlayOf(waiting, me);
  const read = waiting.find((item) => item.kind === 'read');
  const settings = waiting.find((item) => item.kind === 'settings' && item.state === 'pending');
  return {
    ...without(chat, 'last_message', 'isUnreadUnsure'),
    ...(settings?.kind === 'settings' && settings.settings),
    ...(read?.kind === 'read' && readUpTo(replica, chat, read.messageId)),
    peer,
    title: chat.name ?? peer?.name ?? '',
    last: sends.at(-1) ?? (last_message && shownMessage(last_message, me, changes.get(last_message.id))),
    pending: sends.filter(({ state }) => state === 'pending').length,
    failed: sends.filter(({ state }) => state === 'failed').length,
    typing: [...(replica.typing.get(chat.id) ?? [])],
  };
}

function readUpTo(replica: Replica, chat: HeldChat, mark: number) {
  if (mark <= (chat.last_read_message_id ?? 0)) return {};
  return readTo(replica, chat, mark, chat);
}

function activityOf({ last, created_at }: ShownChat): string {
  return last?.created_at ?? created_at;
}

function compare(one: ShownChat, other: ShownChat): number {
  if (one.pinned !== other.pinned) return one.pinned ? -1 : 1;
  const [a, b] = [activityOf(one), activityOf(other)];
  return a === b ? other.id - one.id : a > b ? -1 : 1;
}

/** The place of a chat in a list that is in order. */
function placeOf(list: readonly ShownChat[], chat: ShownChat): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = list[middle];
    if (there && compare(there, chat) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Beyond so many changes it is quicker to sort all. */
const FEW = 20;

/** The list of chats. Of a thousand, a message makes one new, and moves it. */
export function chatLists(replica: Replica, isLoaded: () => boolean): View<ChatLists> {
  let all: readonly ShownChat[] = [];
  const rebuild = () => [...replica.holdings.chats.values()].map((chat) => shownChat(replica, chat)).sort(compare);
  const update = (ids: ReadonlySet<number>) => {
    const list = all.filter(({ id }) => !ids.has(id));
    for (const id of ids) {
      const chat = replica.chat(id);
      const shown = chat && shownChat(replica, chat);
      if (shown) list.splice(placeOf(list, shown), 0, shown);
    }
    return list;
  };
  return viewOf([replica.chatsTopic], () => {
    const changed = replica.changedChats;
    replica.changedChats = new Set();
    all = changed && changed.size <= FEW ? update(changed) : rebuild();
    return {
      chats: all.filter(({ archived }) => !archived),
      archived: all.filter(({ archived }) => archived),
      isLoaded: isLoaded(),
    };
  });
}

export function unreadOf(replica: Replica, lists: View<ChatLists>): View<Unread> {
  return viewOf([replica.chatsTopic], (previous) => {
    const now = new Date().toISOString();
    const unread = lists.getSnapshot().chats.filter(({ unread_count, marked_unread, muted_until }) => {
      return (unread_count > 0 || marked_unread) && (muted_until === null || muted_until < now);
    });
    const messages = unread.reduce((sum, { unread_count }) => sum + unread_count, 0);
    const isSame = previous?.messages === messages && previous.chats === unread.length;
    return isSame ? previous : { messages, chats: unread.length };
  });
}
