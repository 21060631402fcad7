import { commitMessageChanges, restricted, type Context, type MessageChange } from '../../changes/index.js';
import type { ReadModel, Transaction } from '../../database/index.js';
import { placePage } from '../../shared/place-pages.js';
import { getMessage, messageDoesNotExist, type Asker } from '../messages/index.js';
import { messageReacted } from './reaction.changes.js';
import { FIRST } from './reaction.fields.js';
import { Counts, type Count } from './reaction-counts.js';
import {
  findFirst,
  findMarks,
  findReacted,
  haveVersions,
  keepReactions,
  listReactions,
  type Mark,
  type ReactedMessage,
} from './reactions.queries.js';
import { tooManyEmojis } from './reactions.errors.js';
import type { OwnReactions, ReactionList, ReactionListQuery } from './reactions.schemas.js';

/** So many different emojis a message may have. */
const MAX_EMOJIS = 20;

/** That somebody wants to have reacted with an emoji, or not. */
export interface Wish extends Mark {
  readonly isAdded: boolean;
}

/**
 * Carries out all wishes in one transaction: one change for each message, however many react to it.
 * @param by the server takes back what users who are gone have left.
 * @returns for each wish the reactions after all of them, or why it was refused: MESSAGE_DOES_NOT_EXIST, TOO_MANY_EMOJIS, RESTRICTED.
 */
export function carryOut(
  context: Context,
  chatId: number,
  wishes: readonly Wish[],
  by: 'participants' | 'server' = 'participants',
): Promise<readonly (OwnReactions | Error)[]> {
  const [first] = wishes;
  if (!first) return Promise.resolve([]);
  const read = async (tx: Transaction) => {
    return { found: await findReacted(tx, chatId, wishes, by), before: await findMarks(tx, wishes) };
  };
  type Found = Awaited<ReturnType<typeof read>>;
  // Each reaction gives its message another number; a send does not.
  const isSame = (tx: Transaction, { found }: Found) => haveVersions(tx, found);
  const write = async (tx: Transaction, next: () => number, { found, before }: Found) => {
    const isKept = ({ isAdded }: Wish, index: number) => isAdded && (found[index]?.restriction ?? null) !== null;
    const messages = new Map(found.flatMap((message) => (message ? [[message.id, message] as const] : [])));
    const outcomes = new Map<number, Outcome>();
    const changes: MessageChange[] = [];
    for (const [id, message] of messages) {
      const ofMessage = wishes.filter((wish, index) => wish.messageId === id && found[index] && !isKept(wish, index));
      const marks = before.filter(({ messageId }) => messageId === id);
      const outcome = decide(message, marks, ofMessage);
      outcomes.set(id, outcome);
      if (outcome.added.length + outcome.removed.length === 0) continue;
      changes.push(await keep(tx, context.model, outcome, next()));
    }
    const answer = wishes.map((wish, index) => {
      const outcome = outcomes.get(wish.messageId);
      if (!found[index] || !outcome) return messageDoesNotExist();
      if (isKept(wish, index)) return restricted({ until: found[index].restriction?.until ?? undefined });
      return outcome.refused.has(wish) ? tooManyEmojis() : ownReactions(outcome, wish.userId);
    });
    return { changes, answer };
  };
  return commitMessageChanges(context, messageReacted, { chatId, actorId: first.userId }, write, { read, isSame });
}

/** What becomes of the reactions to one message. */
interface Outcome {
  readonly id: number;
  version: number;
  reactions: Count[];
  /** The emojis of those who wish something, afterwards. */
  readonly emojisOf: ReadonlyMap<number, readonly string[]>;
  readonly added: readonly Mark[];
  readonly removed: readonly Mark[];
  readonly refused: ReadonlySet<Wish>;
}

const keyOf = ({ userId, emoji }: Mark) => `${userId} ${emoji}`;

function decide({ id, pts, counts }: ReactedMessage, before: readonly Mark[], wishes: readonly Wish[]): Outcome {
  const tentative = new Counts(counts);
  const marks = new Map(before.map((mark) => [keyOf(mark), mark]));
  const refused = new Set<Wish>();
  for (const wish of wishes) {
    const { userId, emoji, isAdded } = wish;
    const key = keyOf(wish);
    if (marks.has(key) === isAdded) continue;
    if (!isAdded) {
      marks.delete(key);
      tentative.remove(emoji, userId);
    } else if (!tentative.has(emoji) && tentative.kinds >= MAX_EMOJIS) refused.add(wish);
    else {
      marks.set(key, { messageId: id, userId, emoji });
      tentative.add(emoji, userId);
    }
  }
  const wasThere = new Set(before.map(keyOf));
  const added = [...marks.values()].filter((mark) => !wasThere.has(keyOf(mark)));
  const removed = before.filter((mark) => !marks.has(keyOf(mark)));
  const emojisOf = new Map<number, string[]>();
  for (const { userId, emoji } of marks.values()) emojisOf.set(userId, [...(emojisOf.get(userId) ?? []), emoji]);
  return { id, version: pts, reactions: counts, emojisOf, added, removed, refused };
}

async function keep(tx: Transaction, model: ReadModel, outcome: Outcome, pts: number): Promise<MessageChange> {
  const { id, added, removed } = outcome;
  const counts = new Counts(outcome.reactions);
  for (const { emoji, userId } of removed) counts.remove(emoji, userId);
  for (const { emoji, userId } of added) counts.add(emoji, userId);
  const usersOf = (emoji: string, marks: readonly Mark[]) =>
    marks.filter((mark) => mark.emoji === emoji).map(({ userId }) => userId);
  for (const emoji of counts.unsure) {
    const stay = await findFirst(tx, id, emoji, usersOf(emoji, removed));
    counts.name(emoji, [...stay, ...usersOf(emoji, added)].slice(0, FIRST));
  }
  outcome.version = pts;
  outcome.reactions = counts.all();
  const message = await keepReactions(tx, model, { id, pts, removed, added, counts: outcome.reactions });
  const reacted = [
    ...removed.map(({ userId, emoji }) => ({ user_id: userId, emoji, added: false })),
    ...added.map(({ userId, emoji }) => ({ user_id: userId, emoji, added: true })),
  ];
  return { message, pts, data: { ...message, reacted } };
}

function ownReactions({ id, version, reactions, emojisOf }: Outcome, userId: number): OwnReactions {
  const own = emojisOf.get(userId) ?? [];
  const my_reactions = reactions.map(({ emoji }) => emoji).filter((emoji) => own.includes(emoji));
  return { id, version, reactions, my_reactions };
}

/** @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST. */
export async function getReactions(
  context: Context,
  asker: Asker,
  messageId: number,
  { cursor, limit, emoji }: ReactionListQuery,
): Promise<ReactionList> {
  await getMessage(context, asker, messageId);
  const { db, model } = context;
  // One more than asked for says whether there are more.
  const rows = await db.inTurn(asker.userId, () =>
    listReactions(db, model, messageId, { emoji, after: Number(cursor ?? 0), limit: limit + 1 }),
  );
  const { page, fields } = placePage(rows, limit, ({ id }) => id);
  return {
    ...fields,
    reactions: page.map(({ user, emoji, created_at }) => ({
      ...{ user: user as ReactionList['reactions'][number]['user'], emoji },
      created_at: created_at.toISOString(),
    })),
  };
}
