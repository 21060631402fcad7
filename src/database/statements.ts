import type { Database } from './client.js';
import { Batcher } from './batcher.js';
import { ChatLists, type WantedChats } from './chat-lists.js';
import { MessagePages, type MessagePage, type WantedPage } from './message-pages.js';
import { MessageWriter, type Sent } from './message-writer.js';
import type { ReadModel } from './read-model.js';
import type { BadgeRow } from './statements/badge.js';
import type { ChatListRow, ChatQuestion, ChatWithParticipantsRow } from './statements/chats.js';
import { arePlain, plainValues, sendValues, type NewMessage } from './statements/messages.js';
import type { ParticipantPageRow } from './statements/participants.js';
import type { Join, Membership, Position } from './statements/positions.js';
import { prepareStatements } from './statements/prepare.js';
import type { LastSeen } from './statements/presence.js';
import type { ProfileRow } from './statements/profiles.js';
import type { ReadMarkRow } from './statements/read-marks.js';
import type { DeliveredMarkRow } from './statements/receipts.js';
import type { MessageQuestion, OwnedMessage } from './statements/seen-messages.js';
import type { StoredFilters } from './statements/filters.js';
import type { Revocation } from './statements/revocations.js';
import type { SyncRow } from './statements/sync.js';
import type { OwnPosition, PersonRow, UserRow } from './statements/users.js';
import { searchUsers } from './statements/user-search.js';
import type { Owner } from '../shared/round-robin.js';

const USERS = { name: 'users', concurrency: 4, maxBatch: 256 };
/** What many ask for at once when they come back from another server, or are added to a large group. */
const MEMBERSHIPS = { name: 'memberships', concurrency: 2, maxBatch: 100 };
const EPOCHS = { name: 'epochs', concurrency: 1, maxBatch: 1000 };
/** Many react to one message at once. */
const SEEN_MESSAGES = { name: 'seen_messages', concurrency: 4, maxBatch: 256 };
/** A chat of thousands takes its time: it holds up few others. */
const CHATS = { name: 'chats', concurrency: 4, maxBatch: 8 };

export type Statements = ReturnType<typeof createStatements>;

/** The chats of a user, and where their own log stands. */
export interface OwnMemberships {
  readonly mePts: number;
  readonly chats: readonly Membership[];
}

/**
 * The hot requests, each one prepared statement; the statements for me, chat and send are batched: one execution serves many callers.
 * They run beside any transaction, never inside of one. Their answers tell three cases apart without a second round trip:
 * undefined is "no such user", null "not a participant of such a chat", and everything else the answer.
 */
export function createStatements(db: Pick<Database, 'execute' | 'inTurn'>, model: ReadModel) {
  const prepared = prepareStatements(model);
  const users = new Batcher(async (ids: number[]) => {
    const rows = new Map((await db.execute(prepared.findUsers, [ids])).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id));
  }, USERS);
  const chats = new Batcher(
    (questions: ChatQuestion[]) =>
      db.execute(prepared.findChats, [
        questions.map(({ userId }) => userId),
        questions.map(({ chatId }) => chatId),
        questions.map(({ participants }) => participants ?? null),
      ]),
    CHATS,
    ({ userId }) => userId,
  );
  const memberships = new Batcher(async (userIds: number[]) => {
    const found = new Map<number, { mePts: number; chats: Membership[] }>();
    for (const { userId, mePts, chat } of await db.execute(prepared.findMemberships, [userIds])) {
      const ofUser = found.get(userId) ?? { mePts, chats: [] };
      if (chat) ofUser.chats.push(chat);
      found.set(userId, ofUser);
    }
    return userIds.map((id): OwnMemberships | undefined => found.get(id));
  }, MEMBERSHIPS);
  const checks = new Batcher(async (asked: (readonly Pair[])[]) => {
    const pairs = asked.flat();
    const values = [pairs.map(({ userId }) => userId), pairs.map(({ chatId }) => chatId)];
    const found = new Map((await db.execute(prepared.checkMemberships, values)).map((row) => [keyOf(row), row]));
    return asked.map((some) => some.flatMap((pair) => found.get(keyOf(pair)) ?? []));
  }, MEMBERSHIPS);
  const seenMessages = new Batcher(
    (questions: MessageQuestion[]) =>
      db.execute(prepared.findSeenMessages, [
        questions.map(({ userId }) => userId),
        questions.map(({ messageId }) => messageId),
      ]),
    SEEN_MESSAGES,
    ({ userId }) => userId,
  );
  const epochs = new Batcher(async (asked: undefined[]) => {
    const [epoch] = await db.execute(prepared.findEpoch, []);
    if (epoch === undefined) throw new Error('The table sync_epoch has lost its row.');
    return asked.map(() => epoch);
  }, EPOCHS);
  const send = (messages: readonly NewMessage[]) =>
    db.execute(prepared.sendMessages, sendValues(messages, model.messageInputs));
  const sendPlain = (messages: readonly NewMessage[]) => db.execute(prepared.sendPlainMessages, plainValues(messages));
  const writer = new MessageWriter(
    (messages) => (arePlain(messages) ? sendPlain(messages) : send(messages)),
    (messages) => db.execute(prepared.sendMessagesPatiently, sendValues(messages, model.messageInputs)),
  );
  const findSearch = async () => {
    const [home] = await db.execute(prepared.findTypos, []);
    return home === undefined ? prepared.searchUsers : searchUsers(model.person, home);
  };
  let search: ReturnType<typeof findSearch> | undefined;
  const pages = new MessagePages(db, prepared, model.message);
  const lists = new ChatLists(db, prepared);
  return {
    user: {
      find(userId: number): Promise<UserRow | undefined> {
        return users.call(userId);
      },
      /** The users who exist, as others see them, by id. */
      async people(caller: Owner, userIds: readonly number[]): Promise<Map<number, PersonRow>> {
        const rows = await db.inTurn(caller, () => db.execute(prepared.findPeople, [userIds]));
        return new Map(rows.map((row) => [row.id, row]));
      },
      /** All that others may know of a user; null: there is no such user. */
      async profile(userId: number, otherId: number): Promise<ProfileRow | null | undefined> {
        const [row] = await db.inTurn(userId, () => db.execute(prepared.findProfile, [userId, otherId]));
        return row;
      },
      /** The users whom the user may find by the words, the best first. */
      search(userId: number, words: string, limit: number): Promise<PersonRow[]> {
        return db.inTurn(userId, async () => {
          // Looked up once; a look-up that failed is tried again.
          search ??= findSearch().catch((error: unknown) => {
            search = undefined;
            throw error;
          });
          return db.execute(await search, [userId, words, limit]);
        });
      },
      /** Those of the users who exist, and where their own logs stand. */
      positions(userIds: readonly number[]): Promise<OwnPosition[]> {
        return db.execute(prepared.findOwnPositions, [userIds]);
      },
      /** The others of whom the user may know. @param chats by which they may; undefined: by all. */
      contacts(userId: number, otherIds: readonly number[], chats?: ReadonlySet<number>): Promise<LastSeen[]> {
        return db.inTurn(userId, () =>
          chats
            ? db.execute(prepared.findContactsInSome, [userId, otherIds, [...chats]])
            : db.execute(prepared.findContacts, [userId, otherIds]),
        );
      },
      async markSeen(userIds: readonly number[]): Promise<void> {
        await db.execute(prepared.markSeen, [userIds]);
      },
      /** The user's chats and where each of them stands. */
      memberships(userId: number): Promise<OwnMemberships | undefined> {
        return memberships.call(userId);
      },
      /** How much is unread. @param within the chats that count; undefined: all. */
      async badge(userId: number, within?: ReadonlySet<number>): Promise<BadgeRow | undefined> {
        const [badge] = await db.inTurn(userId, () =>
          within ? db.execute(prepared.findSomeBadge, [userId, [...within]]) : db.execute(prepared.findBadge, [userId]),
        );
        return badge;
      },
      /** What has changed beyond what the user has; see the statement. @param within the chats that count; undefined: all. */
      async sync(
        userId: number,
        { epoch, chats: known, mePts, peoplePts }: Known,
        within?: ReadonlySet<number>,
      ): Promise<SyncRow[] | undefined> {
        const values = [
          userId,
          epoch,
          known.map(({ chatId }) => chatId),
          known.map(({ pts }) => pts),
          known.map(({ readId }) => readId ?? null),
          mePts ?? null,
          peoplePts ?? null,
        ];
        const rows = within
          ? await db.execute(prepared.syncSomeChats, [...values, [...within]])
          : await db.execute(prepared.syncChats, values);
        return rows.some(({ kind }) => kind === 'epoch') ? rows : undefined;
      },
    },
    revocations: {
      /** The users who are suspended. */
      suspended(): Promise<number[]> {
        return db.execute(prepared.findSuspendedUsers, []);
      },
      /** @param ms since 1970. @returns those that were made since, and what time it is in the database. */
      async since(ms: number): Promise<{ now: number; revocations: Revocation[] }> {
        const rows = await db.execute(prepared.findRevocations, [ms]);
        return { now: rows[0]?.now ?? ms, revocations: rows.flatMap(({ revocation }) => revocation ?? []) };
      },
    },
    filters: {
      /** What the filters of messages look for; undefined: nothing newer than that version. */
      async after(version: number): Promise<StoredFilters | undefined> {
        const [found] = await db.execute(prepared.findNewFilters, [version]);
        return found;
      },
    },
    profiles: {
      /** The number of the last change of any profile. */
      async last(): Promise<number> {
        const [lastPts = 0] = await db.execute(prepared.findLastProfileChange, []);
        return lastPts;
      },
      /** Profiles whose last change has a greater number, in the order of these. */
      changedAfter(pts: number, limit: number): Promise<ProfileRow[]> {
        return db.execute(prepared.findChangedProfiles, [pts, limit]);
      },
      /** The chats of the users, by user. */
      async chatsOf(userIds: readonly number[]): Promise<Map<number, number[]>> {
        const chats = new Map(userIds.map((id): [number, number[]] => [id, []]));
        for (const { userId, chatId } of await db.execute(prepared.findChatsOfUsers, [userIds]))
          chats.get(userId)?.push(chatId);
        return chats;
      },
    },
    chat: {
      list(userId: number, wanted: WantedChats): Promise<ChatListRow[] | undefined> {
        return lists.read(userId, wanted);
      },
      find(question: ChatQuestion): Promise<ChatWithParticipantsRow | null | undefined> {
        return chats.call(question);
      },
      positions(chatIds: readonly number[]): Promise<Position[]> {
        return db.execute(prepared.findPositions, [chatIds]);
      },
    },
    participant: {
      /** @param page.after exclusive, a place in the order of joining; 0 begins with who joined first. */
      async page(
        userId: number,
        chatId: number,
        { after, limit, name }: { after: number; limit: number; name: string | undefined },
      ): Promise<ParticipantPageRow[] | null | undefined> {
        const values = [userId, chatId, after, limit];
        const rows = await db.inTurn(userId, () =>
          name === undefined
            ? db.execute(prepared.participantPage, values)
            : db.execute(prepared.participantsMeant, [...values, name]),
        );
        const [first] = rows;
        if (first?.user === null) return first.is_participant ? [] : null;
        return first && rows.filter((row) => row.user !== null);
      },
      /** Those of the pairs that are participations. */
      check(pairs: readonly Pair[]): Promise<Membership[]> {
        return checks.call(pairs);
      },
      /** Moves the user's mark on; undefined: they take no part in such a chat. */
      async moveReadMark(userId: number, chatId: number, messageId: number): Promise<ReadMarkRow | undefined> {
        const values = [userId, chatId, messageId];
        const [mark] = await db.inTurn(userId, () => db.execute(prepared.moveReadMark, values));
        return mark;
      },
      /** The same of what a device of the user has. */
      async moveDeliveredMark(
        userId: number,
        chatId: number,
        messageId: number,
      ): Promise<DeliveredMarkRow | undefined> {
        const values = [userId, chatId, messageId];
        const [mark] = await db.inTurn(userId, () => db.execute(prepared.moveDeliveredMark, values));
        return mark;
      },
      /** Whether others may be told that the user, who is in the chat, is typing there. */
      async mayType(userId: number, chatId: number): Promise<boolean> {
        const [mayType = false] = await db.inTurn(userId, () => db.execute(prepared.findTyping, [userId, chatId]));
        return mayType;
      },
      joinedAfter(order: number, limit: number): Promise<Join[]> {
        return db.execute(prepared.findJoins, [order, limit]);
      },
      async lastJoin(): Promise<number> {
        const [order = 0] = await db.execute(prepared.findLastJoin, []);
        return order;
      },
    },
    epoch: {
      value(): Promise<string> {
        return epochs.call(undefined);
      },
    },
    message: {
      /** The message, when it is in a chat in which the user takes part, and they may see it. */
      find(userId: number, messageId: number): Promise<OwnedMessage | undefined> {
        return seenMessages.call({ userId, messageId });
      },
      page(userId: number, chatId: number, page: WantedPage): Promise<MessagePage | null | undefined> {
        return pages.read(userId, chatId, page);
      },
      /** @throws SERVICE_UNAVAILABLE when the chat changes again and again. */
      send(message: NewMessage): Promise<Sent> {
        return writer.send(message);
      },
    },
  };
}

type Pair = Pick<Membership, 'userId' | 'chatId'>;

function keyOf({ userId, chatId }: Pair): string {
  return `${userId}:${chatId}`;
}

/** What a client has, by which a sync knows what it has not. */
interface Known {
  readonly epoch: string | null;
  readonly chats: readonly { readonly chatId: number; readonly pts: number; readonly readId: number | undefined }[];
  /** undefined: the client does not ask for what is the user's alone. */
  readonly mePts: number | undefined;
  /** undefined: the client does not ask for the profiles of others. */
  readonly peoplePts: number | undefined;
}
