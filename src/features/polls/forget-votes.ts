import { commitChange, type Context } from '../../changes/index.js';
import { messageUpdated } from '../messages/index.js';
import { findPoll, findVotedBy, forgetVoter, keepPoll } from './polls.queries.js';
import { tally } from './tally.js';

/**
 * Votes of a user who is being erased, so many at the most: they count on, and nobody knows any more whose they were.
 * @returns whether there were any.
 */
export async function forgetVotesOf(context: Context, userId: number, limit: number): Promise<boolean> {
  const left = await findVotedBy(context.db, userId, limit);
  for (const { messageId, chatId } of left) {
    await commitChange(
      context,
      messageUpdated,
      { chatId, actorId: userId, byServer: true },
      {
        write: async (tx, pts) => {
          const kept = await findPoll(tx, messageId);
          if (!kept) return undefined;
          const optionIds = await forgetVoter(tx, messageId, userId);
          const isNamed = kept.poll.options.some(({ voters }) => voters?.includes(userId));
          if (!isNamed) return undefined;
          // As if the votes had come and gone, so that those who are first now are named.
          const marks = optionIds.map((optionId) => ({ messageId, userId, optionId }));
          const poll = await tally(tx, kept.poll, messageId, { added: marks, removed: marks, voters: 0 });
          return keepPoll(tx, context.model, messageId, poll, pts);
        },
        answer: () => Promise.resolve(),
      },
    );
  }
  return left.length > 0;
}
