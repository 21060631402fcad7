import type { HeldChat, Step } from './held.js';
import type { MessageRange } from './message-range.js';
import type { Replica } from './replica.js';
import { counts, countUnread, MOST_UNREAD, names, readTo } from './unread-count.js';
import type {
  Chat,
  ChatChange,
  ChatWithParticipants,
  Message,
  OwnChange,
  Profile,
  ReadMark,
  ShortUser,
  SyncedChat,
} from './wire.js';
import { without } from './without.js';

/** What is known of a user now. Of two states the one with the greater version is newer; a whole profile has more. */
export function personSteps(replica: Replica, users: readonly (ShortUser | Profile)[]): Step[] {
  return users.flatMap((user) => {
    const held = replica.person(user.id);
    if (held && held.version >= user.version && (held.bio !== undefined || !('bio' in user))) return [];
    return [{ type: 'person', person: { ...held, ...user } } as const];
  });
}

/** A chat that is new to the client, or that it takes afresh. @param pts up to which everything is in it. */
export function chatSteps(replica: Replica, chat: Chat | ChatWithParticipants, pts: number): Step[] {
  const last = chat.last_message;
  const users = 'participants' in chat ? chat.participants : [];
  const held: HeldChat = {
    ...without(chat as ChatWithParticipants, 'participants', 'deduplicated'),
    pts,
    // An answer may name some of them only.
    participants: users.length === chat.participant_count ? users.map(({ id }) => id) : undefined,
    read_marks: replica.chat(chat.id)?.read_marks ?? {},
  };
  return [
    ...personSteps(replica, chat.peer ? [...users, chat.peer] : users),
    { type: 'chat', chat: held },
    { type: 'range', chatId: chat.id, floor: last?.id ?? 0, messages: last ? [last] : [] },
  ];
}

/** The message of a change, as it is then; undefined when it is no change of a message. */
export function messageOf(change: ChatChange): Message | undefined {
  return 'data' in change && 'contents' in change.data
    ? without(change.data as Message & { readonly reacted?: unknown }, 'reacted')
    : undefined;
}

/** A durable change of a chat that is there. */
export function changeSteps(replica: Replica, chat: HeldChat, change: ChatChange): Step[] {
  const at = { ...chat, pts: change.pts };
  switch (change.type) {
    case 'message.created':
      return messageSteps(replica, at, change.data, true);
    case 'message.reacted':
    case 'message.updated':
    case 'message.state':
      return messageSteps(replica, at, messageOf(change) ?? change.data, false);
    case 'message.deleted':
      return deletionSteps(replica, at, change.data.id);
    case 'chat.updated': {
      const next = { ...at, ...without(change.data, 'actor_id') };
      const own_rights = next.own_role === 'member' ? next.member_rights : next.own_rights;
      return [{ type: 'chat', chat: { ...next, own_rights } }];
    }
    case 'participant.added': {
      const { users, participant_count } = change.data;
      const participants = chat.participants && [...new Set([...chat.participants, ...users.map(({ id }) => id)])];
      return [...personSteps(replica, users), { type: 'chat', chat: { ...at, participant_count, participants } }];
    }
    case 'participant.removed': {
      const { user_id, participant_count } = change.data;
      const participants = chat.participants?.filter((id) => id !== user_id);
      return [{ type: 'chat', chat: { ...at, participant_count, participants } }];
    }
    default:
      // Of a kind that this client does not know: its number counts all the same.
      return [{ type: 'chat', chat: at }];
  }
}

function messageSteps(replica: Replica, chat: HeldChat, message: Message, isNew: boolean): Step[] {
  const range = replica.range(chat.id);
  const held = range.log.get(message.id);
  const isLater = message.id > (chat.last_read_message_id ?? 0) && message.id >= range.floor;
  const isUnread = isNew && isLater && !held && counts(replica, message);
  const named = isLater ? names(replica, chat, message) - names(replica, chat, held) : 0;
  return [
    { type: 'message', chatId: chat.id, message },
    {
      type: 'chat',
      chat: {
        ...chat,
        last_message: range.put(message).log.last ?? null,
        unread_count: Math.min(MOST_UNREAD, chat.unread_count + (isUnread ? 1 : 0)),
        unread_mentions: chat.unread_mentions + named,
      },
    },
  ];
}

function deletionSteps(replica: Replica, chat: HeldChat, id: number): Step[] {
  const before = replica.range(chat.id);
  const after = before.remove(id);
  return [
    { type: 'message.gone', chatId: chat.id, id },
    {
      type: 'chat',
      chat: { ...chat, last_message: after.log.last ?? null, ...unreadWithout(replica, chat, before, after, id) },
    },
  ];
}

function unreadWithout(replica: Replica, chat: HeldChat, before: MessageRange, after: MessageRange, id: number) {
  const gone = before.log.get(id);
  if (chat.unread_count === 0 || id <= (chat.last_read_message_id ?? 0)) return {};
  // It may count even where no older one is missing: the server counts a message that has disappeared until it deletes it.
  if (!gone) return { isUnreadUnsure: true };
  if (!counts(replica, gone)) return {};
  const counted =
    chat.unread_count < MOST_UNREAD ? chat.unread_count - 1 : countUnread(replica, after, chat.last_read_message_id);
  if (counted === undefined) return { isUnreadUnsure: true };
  return { unread_count: counted, unread_mentions: chat.unread_mentions - names(replica, chat, gone) };
}

/** What a sync says of a chat beside its changes. */
export function syncedSteps(chat: HeldChat, synced: SyncedChat): Step[] {
  const { read_marks: marks, ...own } = without(synced, 'chat_id', 'has_more', 'too_long', 'changes');
  const read_marks = { ...chat.read_marks };
  for (const { user_id, message_id } of marks) {
    read_marks[user_id] = Math.max(message_id, read_marks[user_id] ?? 0);
  }
  return [{ type: 'chat', chat: { ...chat, ...own, read_marks, isUnreadUnsure: false } }];
}

/** The chat with the user's own read mark there. */
export function readSteps(replica: Replica, chat: HeldChat, read: Omit<ReadMark, 'chat_id'>): Step[] {
  const counted = readTo(replica, chat, read.last_read_message_id, read);
  return [{ type: 'chat', chat: { ...chat, ...counted, marked_unread: read.marked_unread, isUnreadUnsure: false } }];
}

/** A change of the user's own log. */
export function ownSteps(replica: Replica, change: OwnChange): Step[] {
  const { position } = replica.holdings;
  if (!position) return [];
  const steps: Step[] = [];
  let { me, own } = position;
  if (change.type === 'block.updated') {
    const { user, blocked } = change.data;
    steps.push(...personSteps(replica, [user]), { type: 'block', user, blocked });
  } else if (change.type === 'chat.settings' || change.type === 'chat.draft') {
    const chat = replica.chat(change.data.chat_id);
    if (chat) steps.push({ type: 'chat', chat: { ...chat, ...without(change.data, 'chat_id') } });
  } else if (change.type === 'chat.read_mark') {
    const chat = replica.chat(change.data.chat_id);
    if (chat) steps.push(...readSteps(replica, chat, change.data));
  } else if (change.type === 'me.updated') me = change.data;
  else {
    const data = change.data as { readonly message_id?: number; readonly thread_id?: number; readonly id?: number };
    // Scheduled messages may have both.
    const id = data.id ?? data.thread_id;
    own = { ...own, [data.message_id ?? (id ? `${change.type.slice(0, -8)}:${id}` : 'folders')]: data };
  }
  return [...steps, { type: 'position', position: { ...position, mePts: change.me_pts, me, own } }];
}
