import { Type, type Static } from '@sinclair/typebox';
import { field, usuallyNull } from '../../database/index.js';
import { Id, Ref, SmallInteger, Text, Time, Words } from '../../shared/schema.js';

export const MAX_OPTIONS = 20;
const MAX_QUESTION = 300;
const MAX_TEXT = 100;
/** So many people are named with an option. */
export const FIRST = 10;

/** Who sees how many have voted for what. */
export const PollResults = Type.Unsafe<'always' | 'after_vote' | 'after_close'>({
  $id: 'PollResults',
  type: 'string',
  enum: ['always', 'after_vote', 'after_close'],
  description:
    'Who sees the results of a poll: `always` everybody, `after_vote` those who have voted, `after_close` nobody while it is open. Of a closed poll everybody does.',
});

export const OptionText = Words({ minLength: 1, maxLength: MAX_TEXT, description: 'What the option says.' });

export const OptionId = SmallInteger({ minimum: 1, maximum: MAX_OPTIONS, description: 'The option.' });

export const NewPoll = Type.Object(
  {
    question: Words({ minLength: 1, maxLength: MAX_QUESTION, description: 'What is asked.' }),
    options: Type.Array(OptionText, {
      minItems: 2,
      maxItems: MAX_OPTIONS,
      uniqueItems: true,
      description: 'What people may vote for, each another text.',
    }),
    max_votes: Type.Optional(
      SmallInteger({
        minimum: 1,
        maximum: MAX_OPTIONS,
        description: 'How many options one person may choose; 1 unless it is given.',
      }),
    ),
    anonymous: Type.Optional(Type.Boolean({ description: 'true: nobody learns who has voted for what.' })),
    closes_at: Type.Optional(
      Type.String({ format: 'date-time', description: 'When it closes; not there: when somebody closes it.' }),
    ),
    may_add_options: Type.Optional(
      Type.Boolean({ description: 'true: everybody who may write in the chat may add options.' }),
    ),
    results: Type.Optional(Ref(PollResults)),
  },
  {
    $id: 'NewPoll',
    additionalProperties: false,
    description: 'A poll. It needs the right `create_poll`. No edit of the message changes it.',
    examples: [{ question: 'When shall we meet?', options: ['at six', 'at seven'] }],
  },
);
export type NewPoll = Static<typeof NewPoll>;

export const PollOption = Type.Object(
  {
    id: Id('The option.', { maximum: MAX_OPTIONS }),
    text: Text({ maxLength: MAX_TEXT, description: 'What it says.' }),
    votes: Type.Optional(
      SmallInteger({ description: 'How many have voted for it; not there where the results are not shown.' }),
    ),
    voters: Type.Optional(
      Type.Array(Id(), {
        description: `The first ${FIRST} of them, in their order, with \`votes\`; not there in an anonymous poll.`,
      }),
    ),
  },
  {
    $id: 'PollOption',
    description: 'What one may vote for in a poll.',
    examples: [{ id: 1, text: 'at six', votes: 2, voters: [5, 7] }],
  },
);

export const EXAMPLE_POLL = {
  ...{ question: 'When shall we meet?', max_votes: 1, anonymous: false, may_add_options: false },
  ...{ results: 'always' as const, voter_count: 2 },
  options: [
    { id: 1, text: 'at six', votes: 2, voters: [5, 7] },
    { id: 2, text: 'at seven', votes: 0, voters: [] },
  ],
};

export const Poll = Type.Object(
  {
    question: Text({ maxLength: MAX_QUESTION, description: 'What is asked.' }),
    options: Type.Array(Ref(PollOption)),
    max_votes: SmallInteger({ minimum: 1, description: 'How many options one person may choose.' }),
    anonymous: Type.Boolean({ description: 'true: nobody learns who has voted for what.' }),
    may_add_options: Type.Boolean({ description: 'Whether everybody who may write in the chat may add options.' }),
    results: Ref(PollResults),
    voter_count: Type.Optional(
      SmallInteger({ description: 'How many people have voted; not there where the results are not shown.' }),
    ),
    closes_at: Type.Optional(Time('When it closes; not there: when somebody closes it.')),
    closed_at: Type.Optional(Time('Since when it is closed; not there: it is open.')),
  },
  { $id: 'Poll', description: 'A question to everybody in the chat.', examples: [EXAMPLE_POLL] },
);
export type Poll = Static<typeof Poll>;

/** As the reader sees it: without its results where those are not for them. No reader: as everybody does. */
export const pollField = field('poll', Ref(Poll), {
  optional: true,
  usual: usuallyNull('poll'),
  sql: (message, reader) =>
    `case when ${message}.poll is not null then public.poll_shown(${message}.poll, ${message}.id, ${reader?.id ?? 'null'}) end`,
  // Votes that nobody may know yet do not move its number.
  varies: (message) => `${message}.poll is not null`,
});
