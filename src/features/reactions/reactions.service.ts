import { commitMessageChanges, restricted, type Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { placePage } from '../../shared/place-pages.js';
import { getMessage, messageDoesNotExist, type Asker } from '../messages/index.js';
import { messageReacted } from './reaction.changes.js';
import { Counts, type Count } from './reaction-counts.js';
import {
  addMarks,
  findFirst,
  findMarks,
  findReacted,
  haveVersions,
  keepCounts,
  listReactions,
  removeMarks,
  type FoundMessage,
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
  const prepare = async (tx: Transaction) => {
    const found = await findReacted(tx, chatId, wishes, by);
    const before = await findMarks(tx, wishes);
    const messages = new Map(found.flatMap((message) => (message ? [[message.id, message] as const] : [])));
    const outcomes = new Map<number, Outcome>();
    for (const [id, message] of messages) {
      const ofMessage = wishes.filter(
        (wish, index) => wish.messageId === id && found[index] && !refusalOf(wish, found[index]),
      );
      const marks = before.filter(({ messageId }) => messageId === id);
      outcomes.set(id, decide(message, marks, ofMessage));
    }
    const changed = [...outcomes.values()].filter(({ added, removed }) => added.length + removed.length > 0);
    const added = changed.flatMap((outcome) => outcome.added);
    await addMarks(tx, added);
    for (const outcome of changed) outcome.counts = await countAfter(tx, outcome);
    return { found, outcomes, changed };
  };
  type Prepared = Awaited<ReturnType<typeof prepare>>;
  // Each reaction gives its message another number; a send does not.
  const isSame = (tx: Transaction, { found }: Prepared) => haveVersions(tx, found);
  const write = async (tx: Transaction, next: () => number, { found, outcomes, changed }: Prepared) => {
    // Only now: a message that is deleted takes its reactions along, and would wait for one that is being removed.
    const removed = changed.flatMap((outcome) => outcome.removed);
    await removeMarks(tx, removed);
    for (const outcome of changed) outcome.pts = next();
    const changes = [];
    for (const message of await keepCounts(tx, context.model, changed)) {
      const outcome = outcomes.get(message.id);
      if (outcome) changes.push({ message, pts: outcome.pts, data: { ...message, reacted: reactedOf(outcome) } });
    }
    const answer = wishes.map((wish, index) => {
      const message = found[index];
      const outcome = outcomes.get(wish.messageId);
      if (!message || !outcome) return messageDoesNotExist();
      const refusal = refusalOf(wish, message);
      if (refusal) return refusal;
      return outcome.refused.has(wish) ? tooManyEmojis() : ownReactions(outcome, wish.userId);
    });
    return { changes, answer };
  };
  return commitMessageChanges(context, messageReacted, { chatId, actorId: first.userId }, write, { prepare, isSame });
}

/** Why a moderator keeps somebody from reacting; what they have given before they may take back. */
function refusalOf({ isAdded }: Wish, { restriction }: FoundMessage): Error | undefined {
  return isAdded && restriction ? restricted({ until: restriction.until ?? undefined }) : undefined;
}

/** What becomes of the reactions to one message. */
interface Outcome {
  readonly id: number;
  pts: number;
  counts: readonly Count[];
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
  return { id, pts, counts, emojisOf, added, removed, refused };
}

/** How many have reacted with each emoji afterwards, once what is added is there. */
async function countAfter(tx: Transaction, { id, counts: before, added, removed }: Outcome): Promise<Count[]> {
  const counts = new Counts(before);
  for (const { emoji, userId } of removed) counts.remove(emoji, userId);
  for (const { emoji, userId } of added) counts.add(emoji, userId);
  for (const emoji of counts.unsure) {
    const leaving = removed.flatMap((mark) => (mark.emoji === emoji ? [mark.userId] : []));
    counts.name(emoji, await findFirst(tx, id, emoji, leaving));
  }
  return counts.all();
}

function reactedOf({ added, removed }: Outcome) {
  const reacted = (marks: readonly Mark[], isAdded: boolean) =>
    marks.map(({ userId, emoji }) => ({ user_id: userId, emoji, added: isAdded }));
  return [...reacted(removed, false), ...reacted(added, true)];
}

function ownReactions({ id, pts, counts, emojisOf }: Outcome, userId: number): OwnReactions {
  const own = emojisOf.get(userId) ?? [];
  const my_reactions = counts.map(({ emoji }) => emoji).filter((emoji) => own.includes(emoji));
  return { id, version: pts, reactions: [...counts], my_reactions };
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
