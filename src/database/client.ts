import { PrismaPg } from '@prisma/adapter-pg';
import type * as runtime from '@prisma/client/runtime/client';
import type { Pool } from 'pg';
import { PrismaClient } from './generated/client.js';
import {
  findChats,
  listChats,
  type ChatQuestion,
  type ChatListRow,
  type ChatWithParticipantsRow,
} from './statements/chats.js';
import {
  messagesAscending,
  messagesDescending,
  sendMessages,
  type Draft,
  type MessagePageRow,
  type MessageRow,
} from './statements/messages.js';
import { Coalescer } from './coalescer.js';
import { execute } from './statements/statement.js';
import { findUsers, type UserRow } from './statements/users.js';

export type Database = ReturnType<typeof createClient>;

type Client = Omit<Database, runtime.ITXClientDenyList>;

/** What a query may do inside a transaction: not the prepared statements, which would run beside it. */
export type Transaction = Omit<Client, 'user' | 'chat' | 'message'> & {
  user: Omit<Client['user'], 'findMe'>;
  chat: Omit<Client['chat'], 'list' | 'findFor'>;
  message: Omit<Client['message'], 'page' | 'send'>;
};

const USERS = { concurrency: 4, maxBatch: 256 };
/** A chat of thousands takes its time: it holds up few others. */
const CHATS = { concurrency: 4, maxBatch: 8 };
/** One at a time, which is what keeps a chat's messages in the order in which they came. */
const SENDS = { concurrency: 1, maxBatch: 256 };

/**
 * Prisma over the pool, and beside its own methods the hot requests, each one prepared statement; the statements of me,
 * chat and send carry what many ask for at the same time.
 * Their answers tell three cases apart without a second round trip: undefined is "no such user",
 * null "not a participant of such a chat", and everything else the answer.
 */
export function createClient(pool: Pool, transactionTimeoutMs: number) {
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: transactionTimeoutMs, timeout: transactionTimeoutMs },
  });
  const users = new Coalescer(async (ids: number[]) => {
    const rows = new Map((await execute(pool, findUsers, [ids])).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id));
  }, USERS);
  const chats = new Coalescer(
    (questions: ChatQuestion[]) =>
      execute(pool, findChats, [questions.map(({ userId }) => userId), questions.map(({ chatId }) => chatId)]),
    CHATS,
  );
  const sends = new Coalescer(
    (drafts: Draft[]) =>
      execute(pool, sendMessages, [
        drafts.map(({ authorId }) => authorId),
        drafts.map(({ chatId }) => chatId),
        drafts.map(({ contents }) => contents),
      ]),
    SENDS,
  );
  return prisma.$extends({
    name: 'prepared statements',
    model: {
      user: {
        findMe(userId: number): Promise<UserRow | undefined> {
          return users.call(userId);
        },
      },
      chat: {
        /** @param before exclusive, in ms since 1970; Infinity begins with the most recent. */
        async list(userId: number, before: number, limit: number): Promise<ChatListRow[] | undefined> {
          const rows = await execute(pool, listChats, [userId, before, limit]);
          return rows.length === 0 ? undefined : rows.filter((row) => row !== null);
        },
        findFor(userId: number, chatId: number): Promise<ChatWithParticipantsRow | null | undefined> {
          return chats.call({ userId, chatId });
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
          const rows = await execute(pool, statement, [userId, chatId, page.cursor ?? null, page.limit]);
          const [first] = rows;
          if (first?.message === null) return first.is_participant ? [] : null;
          return first && rows.filter((row) => row.message !== null);
        },
        send(draft: Draft): Promise<MessageRow | null | undefined> {
          return sends.call(draft);
        },
      },
    },
  });
}
