import type { Transaction } from '../../database/index.js';
import { FIRST, type Poll } from './poll.fields.js';
import { findFirst, type Mark } from './polls.queries.js';

/** The poll with its results after some votes have come and gone, which are in the database already. */
export async function tally(
  tx: Transaction,
  poll: Poll,
  messageId: number,
  { added, removed, voters }: { readonly added: readonly Mark[]; readonly removed: readonly Mark[]; voters: number },
): Promise<Poll> {
  const options = [];
  for (const option of poll.options) {
    const count = (marks: readonly Mark[]) => marks.filter(({ optionId }) => optionId === option.id).length;
    const [more, fewer] = [count(added), count(removed)];
    const votes = (option.votes ?? 0) + more - fewer;
    const named = option.voters;
    // More voters than are named change nothing of who is named.
    const isSame = named === undefined || (fewer === 0 && (more === 0 || named.length >= FIRST));
    options.push({ ...option, votes, ...(!isSame && { voters: await findFirst(tx, messageId, option.id) }) });
  }
  return { ...poll, options, voter_count: (poll.voter_count ?? 0) + voters };
}
