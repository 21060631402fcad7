import type {
  Change,
  FolderList,
  GroupState,
  Message,
  Mute,
  OwnChange,
  OwnState,
  Reminder,
  Scheduled,
  ReplyPreview,
  SyncRequest,
  ThreadState,
  Vote,
} from './protocol.js';

export interface HeldMessage {
  readonly contents: string;
  readonly authorId: number;
  readonly replyTo?: ReplyPreview;
  readonly reactions?: Message['reactions'];
  readonly pinned?: Message['pinned'];
  readonly poll?: Message['poll'];
  readonly forwarded?: Message['forwarded'];
  readonly threadId?: number;
  readonly thread?: Message['thread'];
  /** The user's own, as far as a sync or a page has said. */
  readonly ownReactions?: Message['my_reactions'];
  readonly mentions?: Message['mentions'];
  readonly custom?: Message['custom'];
}

const EXCERPT = 200;

export function heldMessage(message: Message): HeldMessage {
  const {
    contents,
    author_id: authorId,
    reply_to: replyTo,
    reactions,
    my_reactions: ownReactions,
    mentions,
    custom,
    pinned,
    poll,
    forwarded,
    thread_id: threadId,
    thread,
  } = message;
  return {
    ...{ contents, authorId },
    ...(replyTo && { replyTo }),
    ...(reactions && { reactions }),
    ...(pinned && { pinned }),
    ...(poll && { poll }),
    ...(forwarded && { forwarded }),
    ...(threadId !== undefined && { threadId }),
    ...(thread && { thread }),
    ...(ownReactions && { ownReactions }),
    ...(mentions && { mentions }),
    ...(custom && { custom }),
  };
}

/** A chat as a device has it. */
export interface HeldChat {
  readonly id: number;
  name: string | null;
  /** Up to which number everything has been applied. */
  pts: number;
  readonly participants: Set<number>;
  participantCount: number;
  readonly messages: Map<number, HeldMessage>;
  own: OwnState;
  group: Partial<GroupState>;
}

const NOTHING_OWN: OwnState = {
  ...{ muted_until: null, pinned: false, archived: false, last_read_message_id: null },
  ...{ marked_unread: false, notifications: 'default' },
  ...{ draft: null, draft_reply_to_id: null, draft_revision: 0 },
};

/** What a chat is to the user alone, of an answer that has more. */
export function ownStateOf(own: OwnState): OwnState {
  const { muted_until, pinned, archived, last_read_message_id, marked_unread, notifications } = own;
  const { draft, draft_reply_to_id, draft_revision } = own;
  return {
    ...{ muted_until, pinned, archived, last_read_message_id, marked_unread, notifications },
    ...{ draft, draft_reply_to_id, draft_revision },
  };
}

const GROUP_FIELDS = [
  ...['description', 'member_rights', 'frozen_at', 'slow_mode_seconds', 'history_from_now'],
  ...['disappear_after_seconds', 'no_forward', 'public'],
  ...['own_role', 'own_rights'],
];

/** What there is of it in a chat, or in a change of one. */
export function groupStateOf(chat: Partial<GroupState>): Partial<GroupState> {
  return Object.fromEntries(Object.entries(chat).filter(([name]) => GROUP_FIELDS.includes(name)));
}

/** What the rule says about an event: it is known, it is the next one, something before it is missing, or its chat is. */
type Judgement = 'known' | 'next' | 'gap' | 'unknown chat';

/** What a device keeps: everything that it has been told of its chats. */
export class Replica {
  epoch: string | null = null;
  readonly chats = new Map<number, HeldChat>();
  /** Up to which number everything of the user's own log has been applied. */
  mePts = 0;
  /** Whom the user has blocked. */
  readonly blocked = new Set<number>();
  folders: FolderList | undefined;
  /** Those that have not ended, by their messages. */
  readonly reminders = new Map<number, Reminder>();
  /** Those that wait or have failed. */
  readonly scheduled = new Map<number, Scheduled>();
  /** By the messages whose threads they are. */
  readonly threads = new Map<number, ThreadState>();
  /** By the messages with the polls. */
  readonly votes = new Map<number, Vote>();
  /** Whom the user has muted, by their ids. */
  readonly muted = new Map<number, Mute>();

  judge(chatId: number, pts: number): Judgement {
    const mine = this.chats.get(chatId)?.pts;
    return mine === undefined ? 'unknown chat' : compare(pts, mine);
  }

  judgeOwn(mePts: number): Judgement {
    return compare(mePts, this.mePts);
  }

  /** Everything that one has, for a sync: a chat that is not named would come as a new one. */
  positions(): SyncRequest {
    const chats = Object.fromEntries([...this.chats.values()].map(({ id, pts }) => [id, pts]));
    return { epoch: this.epoch, chats, me_pts: this.mePts };
  }

  /** Numbers of another epoch stand for other changes. */
  startEpoch(epoch: string): void {
    if (this.epoch !== epoch) this.chats.clear();
    this.epoch = epoch;
  }

  /** The number of the own log stands for nothing. */
  resetOwn(): void {
    this.mePts = 0;
    this.blocked.clear();
    this.folders = undefined;
    this.reminders.clear();
    this.scheduled.clear();
    this.threads.clear();
    this.votes.clear();
    this.muted.clear();
    for (const chat of this.chats.values()) chat.own = NOTHING_OWN;
  }

  /** The state of a chat that is not there comes with the chat. */
  applyOwn(change: OwnChange): void {
    this.mePts = change.me_pts;
    switch (change.type) {
      case 'block.updated': {
        const { user, blocked } = change.data;
        if (blocked) this.blocked.add(user.id);
        else this.blocked.delete(user.id);
        return;
      }
      case 'folders.updated':
        this.folders = change.data;
        return;
      case 'reminder.updated':
      case 'reminder.due':
        if (change.data.state === 'ended') this.reminders.delete(change.data.message_id);
        else this.reminders.set(change.data.message_id, change.data);
        return;
      case 'scheduled.updated': {
        const { id, state } = change.data;
        if (state === 'waiting' || state === 'failed') this.scheduled.set(id, change.data);
        else this.scheduled.delete(id);
        return;
      }
      case 'thread.updated':
        this.threads.set(change.data.thread_id, change.data);
        return;
      case 'vote.updated':
        this.votes.set(change.data.id, change.data);
        return;
      case 'mute.updated':
        if (change.data.muted) this.muted.set(change.data.id, change.data);
        else this.muted.delete(change.data.id);
        return;
      default: {
        // Of a kind that these clients do not know, such as me.updated, there is no chat.
        const { chat_id, ...state } = change.data;
        const chat = this.chats.get(chat_id);
        if (!chat) return;
        chat.own = ownStateOf({ ...chat.own, ...state });
        chat.group = { ...chat.group, ...groupStateOf(state) };
      }
    }
  }

  apply(chatId: number, change: Change): void {
    const chat = this.chats.get(chatId);
    if (!chat) throw new Error(`A change of chat ${chatId}, which is not there.`);
    chat.pts = change.pts;
    switch (change.type) {
      case 'message.created':
      case 'message.updated':
      case 'message.reacted':
      case 'message.state':
        chat.messages.set(change.data.id, heldMessage(change.data));
        changeReplies(chat, previewOf(change.data));
        return;
      case 'message.deleted':
        chat.messages.delete(change.data.id);
        changeReplies(chat, { id: change.data.id, deleted: true });
        return;
      case 'chat.updated':
        chat.name = change.data.name;
        chat.group = withRights({ ...chat.group, ...groupStateOf(change.data) });
        return;
      case 'participant.updated':
        return;
      case 'participant.added':
        for (const { id } of change.data.users) chat.participants.add(id);
        chat.participantCount = change.data.participant_count;
        return;
      case 'participant.removed':
        chat.participants.delete(change.data.user_id);
        chat.participantCount = change.data.participant_count;
        return;
    }
  }
}

function previewOf({ id, author_id, contents }: Message): ReplyPreview {
  return { id, author_id, excerpt: Array.from(contents).slice(0, EXCERPT).join('') };
}

/** Replies show the message as it is now. */
function changeReplies({ messages }: HeldChat, preview: ReplyPreview): void {
  for (const [id, message] of messages) {
    if (message.replyTo?.id === preview.id) messages.set(id, { ...message, replyTo: preview });
  }
}

/** What members may do is what the group says; other roles have what they have. */
function withRights(group: Partial<GroupState>): Partial<GroupState> {
  const { own_role, member_rights } = group;
  return own_role === 'member' && member_rights ? { ...group, own_rights: member_rights } : group;
}

/** The rule of docs/realtime.md. */
function compare(pts: number, mine: number): 'known' | 'next' | 'gap' {
  if (pts <= mine) return 'known';
  return pts === mine + 1 ? 'next' : 'gap';
}
