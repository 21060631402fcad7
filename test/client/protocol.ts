// What docs/realtime.md says about frames and answers, as far as these clients need it.

interface ShortUser {
  readonly id: number;
  readonly username: string;
}

/** What is shown of a message that is answered. */
export interface ReplyPreview {
  readonly id: number;
  readonly author_id?: number;
  readonly excerpt?: string;
  readonly deleted?: boolean;
}

interface ReactionCount {
  readonly emoji: string;
  readonly count: number;
  readonly first: readonly number[];
}

export interface Message {
  readonly id: number;
  readonly contents: string;
  readonly author_id: number;
  readonly reply_to?: ReplyPreview;
  readonly reactions?: readonly ReactionCount[];
  readonly pinned?: object;
  readonly poll?: object;
  readonly forwarded?: object;
  readonly thread_id?: number;
  readonly thread?: object;
  readonly my_reactions?: readonly string[];
  readonly mentions?: object;
  readonly custom?: object;
}

/** What a chat is to the user alone. */
export interface OwnState {
  readonly muted_until: string | null;
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly last_read_message_id: number | null;
  readonly marked_unread: boolean;
  readonly notifications: string;
  readonly draft: string | null;
  readonly draft_reply_to_id: number | null;
  readonly draft_revision: number;
}

/** All folders of a user. */
export interface FolderList {
  readonly version: number;
  readonly folders: readonly object[];
}

export interface Reminder {
  readonly message_id: number;
  readonly chat_id: number;
  readonly remind_at: string;
  readonly state: 'waiting' | 'due' | 'ended';
}

export interface Scheduled {
  readonly id: number;
  readonly state: 'waiting' | 'failed' | 'sent' | 'cancelled';
}

/** Whether a user has muted another. */
export interface Mute {
  readonly id: number;
  readonly muted: boolean;
  readonly until: string | null;
}

/** What a group is beyond its name, and what the user is in it. */
export interface GroupState {
  readonly description: string | null;
  readonly member_rights: readonly string[];
  readonly frozen_at: string | null;
  readonly slow_mode_seconds: number;
  readonly disappear_after_seconds: number;
  readonly no_forward: boolean;
  readonly public: boolean;
  readonly history_from_now: boolean;
  readonly own_role: string;
  readonly own_rights: readonly string[];
}

interface Unread {
  readonly unread_count: number;
  readonly unread_mentions: number;
}

interface Chat extends OwnState, GroupState {
  readonly id: number;
  readonly name: string | null;
  readonly pts: number;
  readonly peer: ShortUser | null;
  readonly participant_count: number;
}

export interface ChatWithParticipants extends Chat {
  readonly participants: readonly ShortUser[];
}

/** A durable change of a chat, as an event and in a sync. */
export type Change = { readonly pts: number } & (
  | {
      readonly type: 'message.created' | 'message.updated' | 'message.reacted' | 'message.state';
      readonly data: Message;
    }
  | { readonly type: 'message.deleted'; readonly data: { readonly id: number } }
  | { readonly type: 'chat.updated'; readonly data: { readonly name: string } & Partial<GroupState> }
  | { readonly type: 'participant.updated'; readonly data: object }
  | {
      readonly type: 'participant.added';
      readonly data: { readonly users: readonly ShortUser[]; readonly participant_count: number };
    }
  | {
      readonly type: 'participant.removed';
      readonly data: { readonly user_id: number; readonly participant_count: number };
    }
);

export interface ThreadState {
  readonly thread_id: number;
  readonly chat_id: number;
  readonly following: boolean;
  readonly last_read_message_id: number | null;
}

/** How the user has voted in the poll of a message. */
export interface Vote {
  readonly id: number;
  readonly option_ids: readonly number[];
}

/** A change of the user's own log: some of what a chat is to them, whether they have blocked somebody, and the like. */
export type OwnChange = { readonly me_pts: number } & (
  | {
      readonly type: 'chat.settings' | 'chat.read_mark' | 'chat.draft';
      readonly data: Partial<OwnState & GroupState & Unread> & { readonly chat_id: number };
    }
  | { readonly type: 'block.updated'; readonly data: { readonly user: ShortUser; readonly blocked: boolean } }
  | { readonly type: 'folders.updated'; readonly data: FolderList }
  | { readonly type: 'reminder.updated' | 'reminder.due'; readonly data: Reminder }
  | { readonly type: 'scheduled.updated'; readonly data: Scheduled }
  | { readonly type: 'thread.updated'; readonly data: ThreadState }
  | { readonly type: 'vote.updated'; readonly data: Vote }
  | { readonly type: 'mute.updated'; readonly data: Mute }
);

export type ServerEvent =
  | (Change & { readonly chat_id: number })
  | OwnChange
  | { readonly type: 'me.advanced'; readonly me_pts: number }
  | {
      readonly type: 'chat.created';
      readonly chat_id: number;
      readonly pts: number;
      readonly data: ChatWithParticipants;
    }
  | { readonly type: 'chat.advanced' | 'chat.too_long'; readonly chat_id: number; readonly pts: number }
  | { readonly type: 'chat.read' | 'typing' | 'chat.left'; readonly chat_id: number }
  | { readonly type: 'presence' | 'resync' | 'me.reset' };

export interface SyncRequest {
  readonly epoch: string | null;
  /** The pts of each chat that one has. */
  readonly chats: Readonly<Record<string, number>>;
  readonly me_pts: number;
}

interface SyncedChat extends OwnState, Pick<GroupState, 'own_role' | 'own_rights'> {
  readonly chat_id: number;
  readonly pts: number;
  readonly has_more: boolean;
  readonly too_long: boolean;
  readonly changes: readonly Change[];
}

export interface SyncAnswer {
  readonly epoch: string;
  readonly has_more: boolean;
  readonly joined: readonly Chat[];
  readonly left: readonly number[];
  readonly chats: readonly SyncedChat[];
  readonly me: {
    readonly me_pts: number;
    readonly has_more: boolean;
    readonly reset: boolean;
    readonly changes: readonly OwnChange[];
  };
}

/** An answer of the REST API, or what the socket says in its stead. */
export interface Answer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each request has an answer of its own
  readonly body: any;
  /** When it was asked for, in ms since 1970, where that is of interest. */
  readonly askedAt?: number;
}

/** The close codes that these clients treat in a way of their own. */
export const CLOSE = {
  goingAway: 1001,
  gone: 1006,
  tooLarge: 1009,
  malformed: 4400,
  notAuthorized: 4401,
  tokenExpired: 4410,
  tooSlow: 4413,
  silent: 4421,
  tooMany: 4429,
} as const;
