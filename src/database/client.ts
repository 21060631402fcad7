import { PrismaPg } from '@prisma/adapter-pg';
import type * as runtime from '@prisma/client/runtime/client';
import type { Pool } from 'pg';
import { PrismaClient } from './generated/client.js';
import {
  CHAT_AS_JSON,
  findChats,
  listChats,
  type ChatQuestion,
  type ChatListRow,
  type ChatWithParticipantsRow,
} from './statements/chats.js';
import { messagesAscending, messagesDescending, type Draft, type MessagePageRow } from './statements/messages.js';
import {
  checkMemberships,
  findEpoch,
  rotateEpoch,
  findJoins,
  findLastJoin,
  findMemberships,
  findPositions,
  type Join,
  type Membership,
  type Position,
} from './statements/positions.js';
import { FairQueue } from '../shared/fair-queue.js';
import type { Owner } from '../shared/round-robin.js';
import { Coalescer } from './coalescer.js';
import { Sends, type Sent } from './sends.js';
import { execute } from './statements/statement.js';
import { participantPage, type ParticipantPageRow } from './statements/participants.js';
import { findContacts, markSeen, type LastSeen } from './statements/presence.js';
import { moveReadMark, type ReadMarkRow } from './statements/read-marks.js';
import { syncChats, type SyncRow } from './statements/sync.js';
import { findExisting, findUsernames, findUsers, type UserRow } from './statements/users.js';

export type Database = ReturnType<typeof createClient>;

type Client = Omit<Database, runtime.ITXClientDenyList>;

/** What a query may do inside a transaction: not the prepared statements, which would run beside it. */
export type Transaction = Omit<Client, 'user' | 'chat' | 'chatParticipant' | 'message' | 'syncEpoch'> & {
  user: Omit<Client['user'], 'findMe' | 'usernames' | 'existing' | 'contacts' | 'markSeen'>;
  chat: Omit<Client['chat'], 'list' | 'findFor' | 'sync' | 'positions'>;
  chatParticipant: Omit<
    Client['chatParticipant'],
    'page' | 'ofUser' | 'check' | 'moveReadMark' | 'joinedAfter' | 'lastJoin'
  >;
  message: Omit<Client['message'], 'page' | 'send'>;
  syncEpoch: Omit<Client['syncEpoch'], 'value' | 'rotate'>;
};

const USERS = { concurrency: 4, maxBatch: 256 };
/** What many ask for at once when they come back from another server, or are added to a large group. */
const MEMBERSHIPS = { concurrency: 2, maxBatch: 100 };
const EPOCHS = { concurrency: 1, maxBatch: 1000 };
/** A chat of thousands takes its time: it holds up few others. */
const CHATS = { concurrency: 4, maxBatch: 8 };

/** How many works may wait for a connection, those of one user and those of all. */
const WAITING = { waitingPerOwner: 500, waiting: 5000 };

/**
 * Prisma over the pool, and beside its own methods the hot requests, each one prepared statement; the statements of me,
 * chat and send carry what many ask for at the same time.
 * Their answers tell three cases apart without a second round trip: undefined is "no such user",
 * null "not a participant of such a chat", and everything else the answer.
 */
export function createClient(pool: Pool, schema: string, transactionTimeoutMs: number) {
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { schema }),
    transactionOptions: { maxWait: transactionTimeoutMs, timeout: transactionTimeoutMs },
  });
  const users = new Coalescer(async (ids: number[]) => {
    const rows = new Map((await execute(pool, findUsers, [ids])).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id));
  }, USERS);
  const chats = new Coalescer(
    (questions: ChatQuestion[]) =>
      execute(pool, findChats, [
        questions.map(({ userId }) => userId),
        questions.map(({ chatId }) => chatId),
        questions.map(({ participants }) => participants ?? null),
      ]),
    CHATS,
    ({ userId }) => userId,
  );
  const memberships = new Coalescer(async (userIds: number[]) => {
    const found = new Map<number, Membership[]>();
    for (const row of await execute(pool, findMemberships, [userIds])) {
      const ofUser = found.get(row.userId) ?? [];
      if ('chatId' in row) ofUser.push(row);
      found.set(row.userId, ofUser);
    }
    return userIds.map((id) => found.get(id));
  }, MEMBERSHIPS);
  const checks = new Coalescer(async (asked: (readonly Pair[])[]) => {
    const pairs = asked.flat();
    const values = [pairs.map(({ userId }) => userId), pairs.map(({ chatId }) => chatId)];
    const found = new Map((await execute(pool, checkMemberships, values)).map((row) => [keyOf(row), row]));
    return asked.map((some) => some.flatMap((pair) => found.get(keyOf(pair)) ?? []));
  }, MEMBERSHIPS);
  const epochs = new Coalescer(async (asked: undefined[]) => {
    const [epoch] = await execute(pool, findEpoch, []);
    if (epoch === undefined) throw new Error('The table sync_epoch has lost its row.');
    return asked.map(() => epoch);
  }, EPOCHS);
  const sends = new Sends(pool);
  const { max: connections } = pool.options;
  const waiting = { ...WAITING, timeoutMs: transactionTimeoutMs };
  // What one caller asks for by itself: callers take turns.
  const turns = new FairQueue({ ...waiting, concurrency: connections, perOwner: Math.ceil(connections / 4) });
  // Transactions keep a connection for several statements: users take turns, and half of the connections are left.
  const transactions = new FairQueue({
    ...waiting,
    concurrency: Math.ceil(connections / 2),
    perOwner: Math.ceil(connections / 8),
  });
  return prisma.$extends({
    name: 'prepared statements',
    client: {
      /** A statement in its caller's turn. @throws as FairQueue.run */
      inTurn<T>(caller: Owner, work: () => Promise<T>): Promise<T> {
        return turns.run(caller, work);
      },
      /** A transaction in its user's turn. @throws as FairQueue.run */
      inTransaction<T>(userId: number, work: (tx: Transaction) => Promise<T>): Promise<T> {
        return transactions.run(userId, () => prisma.$transaction((tx) => work(tx as unknown as Transaction)));
      },
    },
    model: {
      user: {
        findMe(userId: number): Promise<UserRow | undefined> {
          return users.call(userId);
        },
        /** By the id, of those who exist. */
        async usernames(caller: Owner, userIds: readonly number[]): Promise<Map<number, string>> {
          return new Map(await turns.run(caller, () => execute(pool, findUsernames, [userIds])));
        },
        /** Those of the users who exist. */
        existing(userIds: readonly number[]): Promise<number[]> {
          return execute(pool, findExisting, [userIds]);
        },
        /** Those of the others whom the user may know of. */
        contacts(userId: number, otherIds: readonly number[]): Promise<LastSeen[]> {
          return turns.run(userId, () => execute(pool, findContacts, [userId, otherIds]));
        },
        async markSeen(userIds: readonly number[]): Promise<void> {
          await execute(pool, markSeen, [userIds]);
        },
      },
      chat: {
        /** @param before exclusive, in ms since 1970; Infinity begins with the most recent. */
        async list(userId: number, before: number, limit: number): Promise<ChatListRow[] | undefined> {
          const rows = await turns.run(userId, () => execute(pool, listChats, [userId, before, limit]));
          return rows.length === 0 ? undefined : rows.filter((row) => row !== null);
        },
        findFor(question: ChatQuestion): Promise<ChatWithParticipantsRow | null | undefined> {
          return chats.call(question);
        },
        /** What has changed beyond what the user has; see the statement. undefined: there is no such user. */
        async sync(userId: number, { epoch, chats: known }: Known): Promise<SyncRow[] | undefined> {
          const rows = await execute(pool, syncChats, [
            userId,
            epoch,
            known.map(({ chatId }) => chatId),
            known.map(({ pts }) => pts),
            known.map(({ readId }) => readId ?? null),
          ]);
          return rows.some(({ kind }) => kind === 'epoch') ? rows : undefined;
        },
        positions(chatIds: readonly number[]): Promise<Position[]> {
          return execute(pool, findPositions, [chatIds]);
        },
      },
      chatParticipant: {
        /** @param after exclusive, a place in the order of joining; 0 begins with who joined first. */
        async page(
          userId: number,
          chatId: number,
          { after, limit }: { after: number; limit: number },
        ): Promise<ParticipantPageRow[] | null | undefined> {
          const rows = await turns.run(userId, () => execute(pool, participantPage, [userId, chatId, after, limit]));
          const [first] = rows;
          if (first?.user === null) return first.is_participant ? [] : null;
          return first && rows.filter((row) => row.user !== null);
        },
        /** The user's chats and where each of them stands; undefined: there is no such user. */
        ofUser(userId: number): Promise<Membership[] | undefined> {
          return memberships.call(userId);
        },
        /** Those of the pairs that are participations. */
        check(pairs: readonly Pair[]): Promise<Membership[]> {
          return checks.call(pairs);
        },
        /** Moves the user's mark on; undefined: they take no part in such a chat. */
        async moveReadMark(userId: number, chatId: number, messageId: number): Promise<ReadMarkRow | undefined> {
          const [mark] = await turns.run(userId, () => execute(pool, moveReadMark, [userId, chatId, messageId]));
          return mark;
        },
        joinedAfter(order: number, limit: number): Promise<Join[]> {
          return execute(pool, findJoins, [order, limit]);
        },
        async lastJoin(): Promise<number> {
          const [order = 0] = await execute(pool, findLastJoin, []);
          return order;
        },
      },
      syncEpoch: {
        /** Gives it another value. */
        async rotate(): Promise<void> {
          await execute(pool, rotateEpoch, []);
        },
        value(): Promise<string> {
          return epochs.call(undefined);
        },
      },
      message: {
        /** @param cursor exclusive, a message id; undefined begins at the end that the order names first. */
        async page(
          userId: number,
          chatId: number,
          page: { cursor: number | undefined; limit: number; order: 'asc' | 'desc' },
        ): Promise<MessagePageRow[] | null | undefined> {
          const statement = page.order === 'asc' ? messagesAscending : messagesDescending;
          const rows = await turns.run(userId, () =>
            execute(pool, statement, [userId, chatId, page.cursor ?? null, page.limit]),
          );
          const [first] = rows;
          if (first?.message === null) return first.is_participant ? [] : null;
          return first && rows.filter((row) => row.message !== null);
        },
        /** @throws SERVICE_UNAVAILABLE when the chat changes again and again. */
        send(draft: Draft): Promise<Sent> {
          return sends.send(draft);
        },
      },
    },
  });
}

/** The chat as the user sees it inside of the transaction. @throws Error when they take no part in it. */
export async function readChatInside(
  tx: Transaction,
  userId: number,
  chatId: number,
): Promise<ChatWithParticipantsRow> {
  const [row] = await tx.$queryRawUnsafe<{ chat: ChatWithParticipantsRow }[]>(CHAT_AS_JSON, userId, chatId);
  if (!row) throw new Error(`The user ${userId} takes no part in the chat ${chatId}.`);
  return row.chat;
}

type Pair = Pick<Membership, 'userId' | 'chatId'>;

function keyOf({ userId, chatId }: Pair): string {
  return `${userId}:${chatId}`;
}

/** What a client has, by which a sync knows what it has not. */
export interface Known {
  readonly epoch: string | null;
  readonly chats: readonly { readonly chatId: number; readonly pts: number; readonly readId: number | undefined }[];
}
