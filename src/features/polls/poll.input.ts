import { mayAuthor } from '../../database/index.js';
import { validationError } from '../../shared/errors.js';
import { readTime } from '../../shared/read-time.js';
import { Ref } from '../../shared/schema.js';
import type { MessageInputField } from '../feature.js';
import { NewPoll, type Poll } from './poll.fields.js';

/** The poll as it is kept, of which nobody has voted yet. @throws VALIDATION_ERROR. */
function keptPoll(given: NewPoll): Poll {
  const { question, options, max_votes = 1, anonymous = false, may_add_options = false, closes_at } = given;
  if (!may_add_options && max_votes > options.length)
    throw validationError({ errors: { 'poll.max_votes': 'must not be more than there are options' } });
  return {
    question,
    options: options.map((text, index) => ({ id: index + 1, text, votes: 0, ...(!anonymous && { voters: [] }) })),
    ...{ max_votes, anonymous, may_add_options, results: given.results ?? 'always', voter_count: 0 },
    ...(closes_at !== undefined && { closes_at: readTime('poll.closes_at', closes_at).toISOString() }),
  };
}

export const pollInput: MessageInputField = {
  name: 'poll',
  type: 'jsonb',
  schema: Ref(NewPoll),
  take: (given) => keptPoll(given as NewPoll),
  requireAt: (given, time) => {
    const { closes_at } = given as NewPoll;
    if (closes_at !== undefined && readTime('poll.closes_at', closes_at) <= time)
      throw validationError({ errors: { 'poll.closes_at': `must be after ${time.toISOString()}` } });
  },
  textsOf: (given) => {
    const { question, options } = given as NewPoll;
    return [question, ...options];
  },
  // In the statement, so that a send that is repeated when the poll has closed is still known.
  refusal: (draft) => `case when ${draft}.poll is not null then
          case
            when not ${mayAuthor(draft, 'create_poll')} then 'right missing'
            when (${draft}.poll ->> 'closes_at')::timestamptz <= clock_timestamp() then 'poll over'
          end
        end`,
};
