import { OWN_LOG, type Entry } from '../../client/journal.js';
import type { OwnState } from '../../client/protocol.js';
import type { HeldChat } from '../../client/replica.js';
import type { Span } from '../spans.js';
import type { DatabaseEvent, DatabaseMessage } from './database.js';
import {
  contentsOf,
  type Deletion,
  type Deposit,
  type Edit,
  type Pin,
  type PollChange,
  type Reaction,
  type Reading,
  type Refusal,
  type Sanction,
  type Scheduled,
  type Setting,
  type Try,
  type Vote,
} from './history.js';

export const CHAT = 1;
export const SECOND = 1000;
const MUTED_UNTIL = '2100-01-01T00:00:00.000Z';

/** What a sender was told of a message, once. */
export function send(clientId: string, authorId: number, messageId: number) {
  return {
    mark: clientId,
    clientId,
    authorId,
    chatId: CHAT,
    contents: contentsOf(clientId, 'hello') as string | undefined,
    acknowledgements: [{ messageId, deduplicated: false, pts: undefined as number | undefined }],
    tries: 2,
    refusals: [] as Refusal[],
    failedWith: undefined as string | undefined,
    isWithdrawn: false,
  };
}

/** Of something that was acknowledged at once. */
export function done(begunAt: number): Try {
  return { begunAt, answeredAt: begunAt + 1, isAcknowledged: true };
}

/** An answer that said no, after all of the story unless another time is given. */
export function refused(status: number, askedAt = 9 * SECOND): Refusal {
  return { status, askedAt };
}

/** A message of user 1 that was to be sent, unless something else is said. */
export function scheduled(mark: string, differently: Partial<Scheduled>): Scheduled {
  const contents = contentsOf(mark, 'hello');
  return { mark, authorId: 1, chatId: CHAT, contents, cancel: 'no', ...done(5 * SECOND), ...differently };
}

function poll(votes: number) {
  return {
    options: [
      { id: 1, text: 'early', votes },
      { id: 2, text: 'late', votes: 0 },
    ],
  };
}

export function message(
  ...[id, authorId, clientId, pts, text, createdAt]: [number, number, string, number, string, number]
): DatabaseMessage {
  return { id, authorId, clientId, contents: contentsOf(clientId, text), pts, createdAt, committedAt: createdAt };
}

/**
 * A history in which everything goes well, for a test to spoil. Users 1 and 2 are in a chat; three messages are sent, one
 * is edited and one deleted; user 3 is added, and banned for a moment; a last message, with a poll, is sent when it was scheduled. A message is
 * pinned. User 2 pins the chat, reads it, votes, reports a message, files the chat, and is restricted.
 */
export function story() {
  const messages = [
    { ...message(10, 1, 'a', 2, 'hello', 1 * SECOND), isPinned: true },
    { ...message(11, 2, 'b', 5, 'edited', 2 * SECOND), committedAt: 4 * SECOND },
    { ...message(13, 1, 'd', 9, 'hello', 8 * SECOND), poll: poll(1) },
  ];
  const events: DatabaseEvent[] = [
    { pts: 1, committedAt: 0, kind: 'other', type: 'chat.created' },
    { pts: 6, committedAt: 5 * SECOND, kind: 'message.deleted', messageId: 12, clientId: 'c' },
    { pts: 7, committedAt: 6 * SECOND, kind: 'participant.added', userIds: [3] },
    { pts: 8, committedAt: 7 * SECOND, kind: 'participant.removed', userId: 3 },
  ];
  const chat = { id: CHAT, name: 'us', lastPts: 9, participants: [1, 2], messages, events };
  const own: OwnState = {
    ...{ muted_until: MUTED_UNTIL, pinned: true, archived: false, last_read_message_id: 13 },
    ...{ marked_unread: false, notifications: 'default' },
    ...{ draft: null, draft_reply_to_id: null, draft_revision: 0 },
  };
  const ownLog = { mePts: 102, states: [{ chatId: CHAT, pts: 102, committedAt: 11 * SECOND, own }] };
  const held: HeldChat = {
    id: CHAT,
    name: 'us',
    pts: 9,
    participants: new Set([1, 2]),
    participantCount: 2,
    messages: new Map(messages.map(({ id, contents, authorId }) => [id, { contents, authorId }])),
    own: { ...own },
    group: {},
  };
  const member = {
    surprises: [] as string[],
    name: 'the member',
    userId: 2,
    entries: [
      taken(100, 0, OWN_LOG),
      connected(1, 0),
      ...followOwn(101, 'chat.settings', 10 * SECOND),
      ...followOwn(102, 'chat.read_mark', 11 * SECOND),
      taken(1, 2),
      ...follow(2, 'message.created', 1 * SECOND),
      ...follow(3, 'message.created', 2 * SECOND),
      ...follow(4, 'message.created', 3 * SECOND),
      ...follow(5, 'message.updated', 4 * SECOND),
      ...follow(6, 'message.deleted', 5 * SECOND),
      ...follow(7, 'participant.added', 6 * SECOND),
      ...follow(8, 'participant.removed', 7 * SECOND, 3),
      ...follow(9, 'message.created', 8 * SECOND),
    ] as Entry[],
    frozen: [] as Span[],
    chats: new Map([[CHAT, held]]),
    mePts: 102,
  };
  const guest = {
    ...member,
    surprises: [] as string[],
    name: 'the guest',
    userId: 3,
    entries: [
      connected(1, 0),
      received(7, 'chat.created', 6 * SECOND),
      taken(7, 6 * SECOND),
      received(8, 'participant.removed', 7 * SECOND, 3),
      { at: 7 * SECOND, connection: 1, kind: 'forgotten', chatId: CHAT },
    ] as Entry[],
    frozen: [] as Span[],
    chats: new Map<number, HeldChat>(),
    mePts: 0,
  };
  return {
    chat,
    ownLog,
    deeds: {
      reactions: [{ userId: 2, messageId: 10, emoji: '👍' }],
      pins: new Set([10]),
      ballots: [{ userId: 2, messageId: 13, optionIds: [1] }],
      scheduled: [{ clientId: 'd', state: 'sent', reason: null as string | null, sendAt: 8 * SECOND }],
      readers: [{ userId: 2, chatId: CHAT }],
      reports: [{ userId: 2, messageId: 10 }],
      filed: [{ userId: 2, chatId: CHAT }],
    },
    held,
    member,
    guest,
    history: {
      sends: [send('a', 1, 10), send('b', 2, 11), send('c', 1, 12), send('d', 1, 13)],
      edits: [
        {
          messageId: 11,
          contents: contentsOf('b', 'edited'),
          acknowledgedPts: 5,
          refusal: undefined,
          failedWith: undefined,
        },
      ] as Edit[],
      deletions: [{ messageId: 12, isAcknowledged: true, refusal: undefined, failedWith: undefined }] as Deletion[],
      readings: [{ mark: 'read', userId: 2, chatId: CHAT, acknowledgedId: 13 }] as Reading[],
      settings: [setting(2, { begunAt: 10 * SECOND })] as Setting[],
      reactions: [{ userId: 2, messageId: 10, emoji: '👍', isAcknowledged: true }] as Reaction[],
      pins: [{ messageId: 10, pinned: true, ...done(2 * SECOND) }] as Pin[],
      votes: [{ userId: 2, messageId: 13, optionIds: [1], ...done(9 * SECOND) }] as Vote[],
      pollChanges: [{ messageId: 13, text: 'late', ...done(9 * SECOND) }] as PollChange[],
      scheduled: [scheduled('d', {})],
      sanctions: [
        { kind: 'restriction', userId: 2, chatId: CHAT, lifting: undefined, ...done(12 * SECOND) },
        { kind: 'ban', userId: 3, chatId: CHAT, lifting: done(7.5 * SECOND), ...done(7 * SECOND) },
      ] as Sanction[],
      deposits: [
        { userId: 2, what: 'report', targetId: 10, ...done(3 * SECOND) },
        { userId: 2, what: 'folder', targetId: CHAT, ...done(3 * SECOND) },
      ] as Deposit[],
      fleeting: new Set<number>(),
      surprises: [] as string[],
      fresh: new Map([[member.userId, new Map([[CHAT, new Map(held.messages)]])]]),
      devices: [member, guest],
      frozenNodes: [[]] as Span[][],
      databaseDown: [] as Span[],
      endedAt: 60 * SECOND,
    },
  };
}

export type Story = ReturnType<typeof story>;

/** A stream goes on from an id. */
export function connected(connection: number, at: number, resumedFrom?: string): Entry {
  const via = resumedFrom === undefined ? 'socket' : 'stream';
  return { at, connection, kind: 'connected', via, node: 0, resumedFrom };
}

export function received(pts: number | undefined, type: string, at: number, removedId?: number): Entry {
  return { at, connection: 1, kind: 'received', type, chatId: CHAT, pts, removedId };
}

export function receivedOwn(pts: number, type: string, at: number): Entry {
  return { at, connection: 1, kind: 'received', type, chatId: OWN_LOG, pts, removedId: undefined };
}

export function taken(pts: number, at: number, chatId = CHAT): Entry {
  return { at, connection: 1, kind: 'taken', chatId, pts };
}

export function applied(pts: number, at: number, chatId = CHAT) {
  return { at, connection: 1, kind: 'applied', chatId, pts } as const;
}

/** An answered setting, unless something else is said. */
export function setting(userId: number, differently: Partial<Setting>): Setting {
  const wanted = { chatId: CHAT, mutedUntil: MUTED_UNTIL, pinned: true, archived: false };
  const begunAt = differently.begunAt ?? 0;
  return { userId, ...wanted, begunAt, answeredAt: begunAt + 1, isAcknowledged: true, ...differently };
}

/** An event that arrives and is applied. */
function follow(pts: number, type: string, at: number, removedId?: number): Entry[] {
  return [received(pts, type, at, removedId), applied(pts, at)];
}

/** The same of the user's own log. */
function followOwn(pts: number, type: string, at: number): Entry[] {
  return [receivedOwn(pts, type, at), applied(pts, at, OWN_LOG)];
}
