import {
  commitMessageChanges,
  nextOwnNumbers,
  publishOwnChange,
  type Context,
  type MessageChange,
} from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { validationError } from '../../shared/errors.js';
import { messageUpdated } from '../messages/index.js';
import { voteUpdated } from './poll.changes.js';
import { pollClosed, pollDoesNotExist } from './polls.errors.js';
import {
  addMarks,
  findBallots,
  findPolls,
  keepPoll,
  readSeenPolls,
  removeMarks,
  type Ballot,
  type KeptPoll,
  type Mark,
  type TakenBallot,
  writeBallots,
} from './polls.queries.js';
import type { SeenPoll } from './polls.schemas.js';
import { tally } from './tally.js';

/**
 * Takes all votes in one transaction: one change for each message, however many vote there.
 * @returns for each the poll after all of them, or why it was refused: POLL_DOES_NOT_EXIST, POLL_CLOSED, VALIDATION_ERROR.
 */
export async function carryOut(
  context: Context,
  chatId: number,
  wishes: readonly Ballot[],
): Promise<readonly (SeenPoll | Error)[]> {
  const [first] = wishes;
  if (!first) return [];
  const target = { chatId, actorId: first.userId };
  const { answers, taken } = await commitMessageChanges(context, messageUpdated, target, async (tx, next) => {
    const found = await findPolls(tx, chatId, wishes);
    const before = await findBallots(tx, wishes);
    const outcome = decide(wishes, found, before);
    const changes: MessageChange[] = [];
    const polls = new Map(found.flatMap((each) => (each ? [[each.id, each] as const] : [])));
    for (const poll of polls.values()) {
      const ballots = outcome.changed.filter(({ messageId }) => messageId === poll.id);
      const change = ballots.length > 0 && (await keep(tx, context, poll, ballots, before, next));
      if (change) changes.push(change);
    }
    const taken = await takeBallots(tx, chatId, outcome.changed);
    const seen = await readSeenPolls(tx, wishes);
    const answers = wishes.map((_wish, index) => outcome.refused[index] ?? seen[index] ?? pollDoesNotExist());
    return { changes, answer: { answers, taken } };
  });
  for (const { userId, mePts, messageId: id, optionIds } of taken) {
    publishOwnChange(context, voteUpdated, userId, {
      mePts,
      data: { id, chat_id: chatId, option_ids: [...optionIds] },
    });
  }
  return answers;
}

const keyOf = ({ messageId, userId }: Omit<Ballot, 'optionIds'>) => `${messageId} ${userId}`;
const isSame = (one: readonly number[], other: readonly number[]) => one.join() === other.join();

/** What becomes of each ballot, the last one of a user counting. */
function decide(wishes: readonly Ballot[], found: readonly (KeptPoll | undefined)[], before: readonly Ballot[]) {
  const known = new Map(before.map((ballot) => [keyOf(ballot), ballot.optionIds]));
  const now = new Map<string, Ballot>();
  const refused = wishes.map((wish, index) => {
    const kept = found[index];
    if (!kept) return pollDoesNotExist();
    const optionIds = [...wish.optionIds].sort((a, b) => a - b);
    const key = keyOf(wish);
    if (isSame(optionIds, now.get(key)?.optionIds ?? known.get(key) ?? [])) return undefined;
    const error = refusalOf(kept, optionIds);
    if (!error) now.set(key, { ...wish, optionIds });
    return error;
  });
  const changed = [...now.values()].filter((ballot) => !isSame(ballot.optionIds, known.get(keyOf(ballot)) ?? []));
  return { refused, changed };
}

function refusalOf({ poll, isClosed }: KeptPoll, optionIds: readonly number[]): Error | undefined {
  if (isClosed) return pollClosed();
  if (optionIds.length > poll.max_votes)
    return validationError({ errors: { option_ids: `must NOT have more than ${poll.max_votes} items` } });
  if (optionIds.some((id) => !poll.options.some((option) => option.id === id)))
    return validationError({ errors: { option_ids: 'must be options of this poll' } });
  return undefined;
}

/** @returns the change of the message, where somebody sees one. */
async function keep(
  tx: Transaction,
  context: Context,
  { id, poll }: KeptPoll,
  ballots: readonly Ballot[],
  before: readonly Ballot[],
  next: () => number,
): Promise<MessageChange | undefined> {
  const known = new Map(before.map((ballot) => [keyOf(ballot), ballot.optionIds]));
  const added: Mark[] = [];
  const removed: Mark[] = [];
  let voters = 0;
  for (const { optionIds, ...who } of ballots) {
    const old = known.get(keyOf(who)) ?? [];
    added.push(...optionIds.filter((each) => !old.includes(each)).map((optionId) => ({ ...who, optionId })));
    removed.push(...old.filter((each) => !optionIds.includes(each)).map((optionId) => ({ ...who, optionId })));
    voters += Math.sign(optionIds.length) - Math.sign(old.length);
  }
  await removeMarks(tx, removed);
  await addMarks(tx, added);
  const after = await tally(tx, poll, id, { added, removed, voters });
  // While nobody sees the results, nobody is told that somebody has voted.
  const pts = poll.results === 'after_close' ? undefined : next();
  const message = await keepPoll(tx, context.model, id, after, pts);
  return pts === undefined ? undefined : { message, pts, data: message };
}

/** Each in the log of its user: last of all locks, in the order of the users. */
async function takeBallots(tx: Transaction, chatId: number, ballots: readonly Ballot[]): Promise<TakenBallot[]> {
  if (ballots.length === 0) return [];
  const next = await nextOwnNumbers(
    tx,
    ballots.map(({ userId }) => userId),
  );
  const taken = ballots.map((ballot) => ({ ...ballot, mePts: next(ballot.userId) }));
  await writeBallots(tx, chatId, taken);
  return taken;
}
