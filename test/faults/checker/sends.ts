import { groupBy } from '../group-by.js';
import type { DatabaseChat, DatabaseMessage, DatabaseState } from './database.js';
import type { Problems } from './findings.js';
import { allMemberships, isLasting, type Memberships } from './membership.js';
import { markOf, type Deletion, type Edit, type History, type Refusal, type Send } from './history.js';

/** A request may come too late: the chat is not the user's any more, or the message has been deleted since. */
const NOT_FOUND = 404;
const GONE = 410;
/** Something else has changed the message before. */
const CONFLICT = 409;
/** Who is restricted may not write. */
const FORBIDDEN = 403;

interface KeptMessage extends DatabaseMessage {
  readonly chatId: number;
}

interface Kept {
  readonly byId: ReadonlyMap<number, KeptMessage>;
  readonly byMark: ReadonlyMap<string, readonly KeptMessage[]>;
  /** The client_ids of deleted messages, by their ids. */
  readonly tombstones: ReadonlyMap<number, string | null>;
  readonly deletedClientIds: ReadonlySet<string | null>;
  readonly memberships: ReadonlyMap<number, Memberships>;
  /** By which send there is, or was, a message. */
  readonly sendOf: ReadonlyMap<number, Send>;
  /** The number of each message as its sender heard of it first. */
  readonly firstPts: ReadonlyMap<number, number>;
  readonly isRestricted: (userId: number, chatId: number) => boolean;
  /** The chats in which messages disappear. */
  readonly fleeting: ReadonlySet<number>;
  /** In which chats the deleted messages were. */
  readonly chatsOfDeleted: ReadonlyMap<number, number>;
}

/** What was acknowledged is there, once, and nothing else is there. */
export function* checkSends(history: History, database: DatabaseState): Generator<Problems> {
  const kept = index(history, database);
  const edits = groupBy(history.edits, ({ messageId }) => messageId);
  const deletions = groupBy(history.deletions, ({ messageId }) => messageId);
  for (const send of history.sends) yield checkSend(send, kept, edits, deletions);
  for (const [messageId, tries] of edits) yield [...checkEdits(messageId, tries, kept)];
  for (const [messageId, tries] of deletions) {
    yield [...checkDeletions(messageId, tries, edits.get(messageId) ?? [], kept)];
  }
  yield [...checkOrigins(history, kept)];
}

function checkSend(
  send: Send,
  kept: Kept,
  edits: ReadonlyMap<number, readonly Edit[]>,
  deletions: ReadonlyMap<number, readonly Deletion[]>,
): Problems {
  const { mark, clientId, acknowledgements, refusals, failedWith, isWithdrawn } = send;
  const problems: string[] = [];
  const ids = new Set(acknowledgements.map(({ messageId }) => messageId));
  const [id] = ids;
  if (ids.size > 1) problems.push(`the send ${clientId} was acknowledged as different messages: ${list(ids)}`);
  else if (id !== undefined) problems.push(...checkAcknowledged(send, id, kept, edits, deletions));
  const news = acknowledgements.filter(({ deduplicated }) => !deduplicated).length;
  if (news > 1) problems.push(`the send ${clientId} was acknowledged ${news} times as a new message`);
  const copies = kept.byMark.get(mark) ?? [];
  if (copies.length > 1) {
    problems.push(`the send ${clientId} is there ${copies.length} times: ${list(copies.map(({ id }) => id))}`);
  }
  if (copies.length > 0 && kept.deletedClientIds.has(clientId)) {
    problems.push(`the send ${clientId} was deleted, and is there again as message ${copies[0]!.id}`);
  }
  for (const refusal of refusals) problems.push(...checkRefusal(send, refusal, kept));
  const isDelivered = copies.length > 0 || kept.deletedClientIds.has(clientId);
  if (isDelivered && failedWith !== undefined) {
    problems.push(`the send ${clientId} was shown as failed (${failedWith}), and was delivered`);
  }
  if (isDelivered && isWithdrawn) problems.push(`the send ${clientId} was deleted unsent, and was delivered`);
  if (id === undefined && refusals.length === 0 && !isWithdrawn)
    problems.push(`the send ${clientId} was never answered`);
  return problems;
}

function* checkAcknowledged(
  { clientId, authorId, chatId, contents }: Send,
  id: number,
  { byId, tombstones, fleeting }: Kept,
  edits: ReadonlyMap<number, readonly Edit[]>,
  deletions: ReadonlyMap<number, readonly Deletion[]>,
): Generator<string> {
  const message = byId.get(id);
  if (!message) {
    if (!tombstones.has(id)) yield `the acknowledged message ${id} is lost (${clientId})`;
    else if (!deletions.has(id) && !fleeting.has(chatId))
      yield `message ${id} was deleted, though nobody had asked for it`;
    return;
  }
  if (message.clientId !== clientId) yield `message ${id} has the client_id ${message.clientId}, not ${clientId}`;
  if (message.authorId !== authorId) yield `message ${id} has the author ${message.authorId}, not ${authorId}`;
  if (message.chatId !== chatId) yield `message ${id} is in chat ${message.chatId}, not ${chatId}`;
  const allowed = [contents, ...(edits.get(id) ?? []).map((edit) => edit.contents)];
  if (contents === undefined) {
    if (!message.isCopy) yield `message ${id} does not say that it is a copy`;
  } else if (!allowed.includes(message.contents))
    yield `message ${id} says what nobody has written: ${message.contents}`;
}

function* checkRefusal(
  { mark, clientId, authorId, chatId, tries, refusals }: Send,
  { status, askedAt }: Refusal,
  kept: Kept,
): Generator<string> {
  if (status === GONE) {
    if (!kept.deletedClientIds.has(clientId)) yield `the send ${clientId} was refused as deleted, though it was not`;
  } else if (status === FORBIDDEN && kept.isRestricted(authorId, chatId)) {
    // A try that got no answer may be carried out later, when its author is not restricted any more.
    const mayComeLater = tries > refusals.length;
    const wasThere = kept.byMark.get(mark)?.some(({ createdAt }) => !mayComeLater || createdAt < askedAt);
    if (wasThere) yield `the send ${clientId} was refused with ${status}, and was there`;
  } else if (status !== NOT_FOUND || wasAlwaysIn(kept, authorId, chatId)) {
    yield `the send ${clientId} was refused with ${status}`;
  }
}

/** An edit or a deletion of a message. @param others by which the message may have been changed before. */
function checkChangeRefusal(
  what: string,
  messageId: number,
  { refusal: status }: Edit | Deletion,
  others: readonly Edit[],
  kept: Kept,
): Problems {
  if (status === undefined) return [];
  const message = kept.byId.get(messageId);
  // It may have been deleted since.
  const written = message ?? kept.sendOf.get(messageId);
  const mayBe =
    status === CONFLICT
      ? others.some(({ refusal }) => refusal === undefined) || isChanged(messageId, message, kept)
      : status === FORBIDDEN
        ? written !== undefined && kept.isRestricted(written.authorId, written.chatId)
        : status === NOT_FOUND && (!message || !wasAlwaysIn(kept, message.authorId, message.chatId));
  return mayBe ? [] : [`${what} of message ${messageId} was refused with ${status}`];
}

/** Pins, reactions and the like are changes of a message as well. */
function isChanged(messageId: number, message: KeptMessage | undefined, { firstPts }: Kept): boolean {
  return !message || message.pts > (firstPts.get(messageId) ?? Infinity);
}

function wasAlwaysIn({ memberships }: Kept, userId: number, chatId: number): boolean {
  return isLasting(memberships.get(chatId)?.get(userId) ?? []);
}

function* checkEdits(messageId: number, tries: readonly Edit[], kept: Kept): Generator<string> {
  for (const each of tries) yield* checkChangeRefusal('an edit', messageId, each, tries, kept);
  const message = kept.byId.get(messageId);
  if (!message) {
    if (!kept.tombstones.has(messageId)) yield `message ${messageId} was edited, and is lost`;
    return;
  }
  for (const { contents, acknowledgedPts = 0, failedWith, refusal } of tries) {
    // Before somebody was restricted a try may have been carried out whose answer was lost.
    if (failedWith !== undefined && refusal !== FORBIDDEN && contents === message.contents) {
      yield `an edit of message ${messageId} was shown as failed (${failedWith}), and was carried out`;
    }
    if (acknowledgedPts > message.pts) {
      yield `an acknowledged edit of message ${messageId} is lost: pts ${acknowledgedPts}, there is ${message.pts}`;
    }
    if (acknowledgedPts === message.pts && contents !== message.contents) {
      yield `message ${messageId} at pts ${message.pts} says "${message.contents}", not "${contents}"`;
    }
  }
}

function* checkDeletions(
  messageId: number,
  tries: readonly Deletion[],
  edits: readonly Edit[],
  kept: Kept,
): Generator<string> {
  for (const each of tries) yield* checkChangeRefusal('a deletion', messageId, each, edits, kept);
  const hasDisappeared = kept.fleeting.has(kept.chatsOfDeleted.get(messageId) ?? 0);
  if (!kept.byId.has(messageId) && !hasDisappeared && tries.every(({ failedWith }) => failedWith !== undefined)) {
    yield `each deletion of message ${messageId} was shown as failed, and it is gone`;
  }
  if (!tries.some(({ isAcknowledged }) => isAcknowledged)) return;
  if (kept.byId.has(messageId)) yield `message ${messageId} is there, though its deletion was acknowledged`;
  else if (!kept.tombstones.has(messageId)) yield `message ${messageId} was deleted without a trace`;
}

function* checkOrigins({ sends, scheduled }: History, { byId }: Kept): Generator<string> {
  const sent = new Set([...sends, ...scheduled].map(({ mark }) => mark));
  for (const message of byId.values()) {
    const { id, contents } = message;
    if (!sent.has(markOfMessage(message))) yield `message ${id} is there, and nobody has sent it: ${contents}`;
  }
  for (const [clientId, named] of groupBy(byId.values(), (message) => message.clientId)) {
    if (clientId !== null && named.length > 1) yield `the client_id ${clientId} is there ${named.length} times`;
  }
}

function index({ sends, sanctions, fleeting }: History, { chats }: DatabaseState): Kept {
  const messages = chats.flatMap((chat) => chat.messages.map((message) => ({ ...message, chatId: chat.id })));
  const tombstones = new Map(chats.flatMap(tombstonesOf));
  const restricted = new Set(
    sanctions.filter(({ kind }) => kind === 'restriction').map(({ userId, chatId }) => `${userId} ${chatId}`),
  );
  return {
    byId: new Map(messages.map((message) => [message.id, message])),
    byMark: groupBy(messages, markOfMessage),
    tombstones,
    deletedClientIds: new Set(tombstones.values()),
    memberships: allMemberships(chats),
    sendOf: new Map(sends.flatMap((send) => send.acknowledgements.map(({ messageId }) => [messageId, send] as const))),
    firstPts: firstNumbers(sends),
    isRestricted: (userId, chatId) => restricted.has(`${userId} ${chatId}`),
    fleeting,
    chatsOfDeleted: new Map(chats.flatMap((chat) => tombstonesOf(chat).map(([id]) => [id, chat.id]))),
  };
}

function firstNumbers(sends: readonly Send[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const { messageId, pts = Infinity } of sends.flatMap(({ acknowledgements }) => acknowledgements)) {
    found.set(messageId, Math.min(pts, found.get(messageId) ?? Infinity));
  }
  return found;
}

/** A copy begins with the mark of the other message; it is known by its client_id. */
export function markOfMessage({ isCopy = false, clientId, contents }: DatabaseMessage): string {
  return isCopy ? (clientId ?? '') : markOf(contents);
}

export function tombstonesOf({ events }: DatabaseChat): [number, string | null][] {
  return events.flatMap((event) => {
    return event.kind === 'message.deleted' ? [[event.messageId, event.clientId] as [number, string | null]] : [];
  });
}

function list(ids: Iterable<number>): string {
  return [...ids].join(', ');
}
