import { PrismaPg } from '@prisma/adapter-pg';
import type * as runtime from '@prisma/client/runtime/client';
import type { Pool } from 'pg';
import { PrismaClient } from './generated/client.js';
import { findChat, listChats, type ChatListRow, type ChatWithParticipantsRow } from './statements/chats.js';
import {
  messagesAscending,
  messagesDescending,
  sendMessage,
  type MessagePageRow,
  type MessageRow,
} from './statements/messages.js';
import { execute } from './statements/statement.js';
import { findUser, type UserRow } from './statements/users.js';

export type Database = ReturnType<typeof createClient>;

type Client = Omit<Database, runtime.ITXClientDenyList>;

/** What a query may do inside a transaction: not the prepared statements, which would run beside it. */
export type Transaction = Omit<Client, 'user' | 'chat' | 'message'> & {
  user: Omit<Client['user'], 'findMe'>;
  chat: Omit<Client['chat'], 'list' | 'findFor'>;
  message: Omit<Client['message'], 'page' | 'send'>;
};

/**
 * Prisma over the pool, and beside its own methods the hot requests, each one prepared statement.
 * Their answers tell three cases apart without a second round trip: undefined is "no such user",
 * null "not a participant of such a chat", and everything else the answer.
 */
export function createClient(pool: Pool, transactionTimeoutMs: number) {
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: transactionTimeoutMs, timeout: transactionTimeoutMs },
  });
  return prisma.$extends({
    name: 'prepared statements',
    model: {
      user: {
        async findMe(userId: number): Promise<UserRow | undefined> {
          const [row] = await execute(pool, findUser, [userId]);
          return row;
        },
      },
      chat: {
        /** @param before exclusive, in ms since 1970; Infinity begins with the most recent. */
        async list(userId: number, before: number, limit: number): Promise<ChatListRow[] | undefined> {
          const rows = await execute(pool, listChats, [userId, before, limit]);
          return rows.length === 0 ? undefined : rows.filter((row) => row !== null);
        },
        async findFor(userId: number, chatId: number): Promise<ChatWithParticipantsRow | null | undefined> {
          const [row] = await execute(pool, findChat, [userId, chatId]);
          return row;
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
        async send(userId: number, chatId: number, contents: string): Promise<MessageRow | null | undefined> {
          const [row] = await execute(pool, sendMessage, [userId, chatId, contents]);
          return row;
        },
      },
    },
  });
}
