import { commitChange, requireRight, type Context } from '../../changes/index.js';
import type { OwnedMessage, Transaction } from '../../database/index.js';
import { placePage } from '../../shared/place-pages.js';
import type { MessageFilter } from '../feature.js';
import { messageUpdated, notTheOwner, requireMayWrite, requireSeen, type Asker } from '../messages/index.js';
import { MAX_OPTIONS, type Poll } from './poll.fields.js';
import { optionsFixed, pollClosed, pollDoesNotExist, tooManyOptions, votersHidden } from './polls.errors.js';
import {
  findPoll,
  keepPoll,
  listVoters,
  readSeenPolls,
  removeEnd,
  type DuePoll,
  type KeptPoll,
} from './polls.queries.js';
import type { SeenPoll, VoterList, VoterListQuery } from './polls.schemas.js';

/** @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST, POLL_DOES_NOT_EXIST. */
export async function getPoll(context: Context, asker: Asker, messageId: number): Promise<SeenPoll> {
  await requireSeen(context, asker, messageId);
  return context.db.inTurn(asker.userId, () => requireSeenPoll(context.db, asker.userId, messageId));
}

async function requireSeenPoll(db: Transaction, userId: number, messageId: number): Promise<SeenPoll> {
  const [seen] = await readSeenPolls(db, [{ userId, messageId }]);
  if (!seen) throw pollDoesNotExist();
  return seen;
}

/**
 * An option that is there already is no change.
 * @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST, POLL_DOES_NOT_EXIST; RIGHT_MISSING, CHAT_FROZEN or NOT_ACCEPTING_MESSAGES where they may not write;
 *   OPTIONS_FIXED, POLL_CLOSED, TOO_MANY_OPTIONS; FILTERED for what the filters refuse.
 */
export async function addOption(
  context: Context & { readonly filter: MessageFilter },
  asker: Asker,
  messageId: number,
  text: string,
): Promise<SeenPoll> {
  const report = context.filter.isOff ? undefined : await judgeOption(context, asker, messageId, text);
  const seen = await changePoll(context, asker, messageId, async (tx, { poll, isClosed }, { chat_id: chatId }) => {
    await requireMayWrite(tx, asker.userId, chatId);
    if (poll.options.some((option) => option.text === text)) return undefined;
    if (!poll.may_add_options) throw optionsFixed();
    if (isClosed) throw pollClosed();
    if (poll.options.length >= MAX_OPTIONS) throw tooManyOptions();
    const option = { id: poll.options.length + 1, text, votes: 0, ...(!poll.anonymous && { voters: [] }) };
    return { ...poll, options: [...poll.options, option] };
  });
  await report?.(messageId);
  return seen;
}

async function judgeOption(
  context: Context & { readonly filter: MessageFilter },
  asker: Asker,
  messageId: number,
  text: string,
): ReturnType<MessageFilter['judge']> {
  const { userId, isByKey = false } = asker;
  const { chat_id: chatId } = await requireSeen(context, asker, messageId);
  const { poll } = await context.db.inTurn(userId, () => requireSeenPoll(context.db, userId, messageId));
  return context.filter.judge(context, {
    ...{ userId, chatId, contents: text, clientId: undefined, mentions: undefined, isByKey, isEdit: true },
    wasWritten: () => Promise.resolve(poll.options.some((option) => option.text === text)),
  });
}

/** @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST, POLL_DOES_NOT_EXIST; NOT_THE_OWNER without the right to delete messages of others. */
export function closePoll(context: Context, asker: Asker, messageId: number): Promise<SeenPoll> {
  const { userId } = asker;
  return changePoll(context, asker, messageId, async (tx, { poll }, { chat_id: chatId, author_id: authorId }) => {
    if (authorId !== userId) await requireRight(tx, chatId, userId, 'delete_any', notTheOwner);
    return close(tx, messageId, poll);
  });
}

async function close(tx: Transaction, messageId: number, poll: Poll): Promise<Poll | undefined> {
  if (poll.closed_at !== undefined) return undefined;
  await removeEnd(tx, messageId);
  return { ...poll, closed_at: new Date().toISOString() };
}

/** @param change returns the poll as it is to be; undefined: as it is. */
async function changePoll(
  context: Context,
  asker: Asker,
  messageId: number,
  change: (tx: Transaction, kept: KeptPoll, message: OwnedMessage) => Promise<Poll | undefined>,
): Promise<SeenPoll> {
  const { userId } = asker;
  const message = await requireSeen(context, asker, messageId);
  return commitChange(
    context,
    messageUpdated,
    { chatId: message.chat_id, actorId: userId },
    {
      write: async (tx, pts) => {
        const kept = await findPoll(tx, messageId);
        if (!kept) throw pollDoesNotExist();
        const poll = await change(tx, kept, message);
        return poll && keepPoll(tx, context.model, messageId, poll, pts);
      },
      answer: (tx) => requireSeenPoll(tx, userId, messageId),
    },
  );
}

/** A poll whose time has come, as if its author did it, who may be gone. */
export function closeDue(context: Context, { messageId, chatId, authorId }: DuePoll): Promise<void> {
  return commitChange(
    context,
    messageUpdated,
    { chatId, actorId: authorId, byServer: true },
    {
      write: async (tx, pts) => {
        const kept = await findPoll(tx, messageId);
        const poll = kept && (await close(tx, messageId, kept.poll));
        return poll && keepPoll(tx, context.model, messageId, poll, pts);
      },
      answer: () => Promise.resolve(),
    },
  );
}

/** @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST, POLL_DOES_NOT_EXIST, VOTERS_HIDDEN. */
export async function getVoters(
  context: Context,
  asker: Asker,
  { messageId, optionId }: { readonly messageId: number; readonly optionId: number },
  { cursor, limit }: VoterListQuery,
): Promise<VoterList> {
  const { poll } = await getPoll(context, asker, messageId);
  const option = poll.options.find(({ id }) => id === optionId);
  if (!option) throw pollDoesNotExist();
  if (option.voters === undefined) throw votersHidden();
  const { db, model } = context;
  // One more than asked for says whether there are more.
  const rows = await db.inTurn(asker.userId, () =>
    listVoters(db, model, { messageId, optionId }, { after: Number(cursor ?? 0), limit: limit + 1 }),
  );
  const { page, fields } = placePage(rows, limit, ({ id }) => id);
  return {
    ...fields,
    voters: page.map(({ user, created_at }) => ({
      user: user as VoterList['voters'][number]['user'],
      voted_at: created_at.toISOString(),
    })),
  };
}
