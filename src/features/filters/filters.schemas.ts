import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { OpenText, Position, Ref, SmallInteger, Words } from '../../shared/schema.js';
import { MAX_ENTRY } from './words.js';

const MAX_SECONDS = 365 * 24 * 60 * 60;
/** What one process remembers of a user is bounded by these. */
export const MAX_REMEMBERED = 100;
const MAX_WINDOW_SECONDS = 3600;

const Action = Type.Unsafe<'flag' | 'block' | 'restrict' | 'shadow'>({
  $id: 'FilterAction',
  type: 'string',
  enum: ['flag', 'block', 'restrict', 'shadow'],
  description:
    '`flag`: it is sent, and reported to the admins. `block`: it is refused with 403 `FILTERED`. `restrict`: that, and in a group its author ' +
    'is restricted for `seconds`. `shadow`: in a group it is sent, and for `seconds` nobody but its author sees it and what they send; elsewhere ' +
    'it is refused.',
});

const Outcome = Type.Object(
  {
    action: Ref(Action),
    seconds: Type.Optional(
      SmallInteger({
        minimum: 1,
        maximum: MAX_SECONDS,
        description: 'With `restrict` and `shadow`: for so many seconds.',
      }),
    ),
    text: Type.Optional(
      Words({ minLength: 1, maxLength: 300, description: 'What the author of a refused message is told.' }),
    ),
  },
  {
    $id: 'FilterOutcome',
    additionalProperties: false,
    description: 'What becomes of a message in which a filter has found something.',
    examples: [{ action: 'block', text: 'Mind your language, please.' }],
  },
);
export type Outcome = Static<typeof Outcome>;

/** Whether something is done to the author, for a time that has to be said. */
export function isSanction(action: Outcome['action']): action is 'restrict' | 'shadow' {
  return action === 'restrict' || action === 'shadow';
}

const Entry = Words({
  minLength: 1,
  maxLength: MAX_ENTRY,
  description: 'A word of letters, digits and `_`; with a `*` behind it all words that begin so.',
});

const WordFilter = Type.Object(
  {
    entries: Type.Array(Entry, {
      maxItems: 1000,
      description: 'What is looked for, as whole words, whatever their case and width.',
    }),
    allowed: Type.Optional(
      Type.Array(Entry, {
        maxItems: 100,
        description: 'What is found by no entry, such as one word of many that begin so.',
      }),
    ),
    outcome: Ref(Outcome),
  },
  {
    $id: 'WordFilter',
    additionalProperties: false,
    description: 'Looks for words.',
    examples: [{ entries: ['viagra', 'casino*'], allowed: ['casinos'], outcome: { action: 'flag' } }],
  },
);

const LinkMode = Type.Unsafe<'block' | 'only'>({
  $id: 'LinkFilterMode',
  type: 'string',
  enum: ['block', 'only'],
  description: '`block`: these domains are found. `only`: links to all others are.',
});

const LinkFilter = Type.Object(
  {
    mode: Ref(LinkMode),
    domains: Type.Array(Words({ minLength: 1, maxLength: 253, description: 'A domain, such as example.com.' }), {
      maxItems: 1000,
      description: 'Domains, each with its subdomains.',
    }),
    outcome: Ref(Outcome),
  },
  {
    $id: 'LinkFilter',
    additionalProperties: false,
    description: 'Looks for links.',
    examples: [{ mode: 'block', domains: ['example.net'], outcome: { action: 'block' } }],
  },
);
export type LinkFilter = Static<typeof LinkFilter>;

const MentionFilter = Type.Object(
  {
    limit: SmallInteger({
      minimum: 0,
      maximum: 100,
      description: 'A message may name so many: users, roles and everybody count as one each.',
    }),
    outcome: Ref(Outcome),
  },
  {
    $id: 'MentionFilter',
    additionalProperties: false,
    description: 'Looks for messages that name too many.',
    examples: [{ limit: 5, outcome: { action: 'block' } }],
  },
);
export type MentionFilter = Static<typeof MentionFilter>;

const Rate = Type.Object(
  {
    limit: SmallInteger({ minimum: 1, maximum: MAX_REMEMBERED, description: 'So many may be sent …' }),
    seconds: SmallInteger({ minimum: 1, maximum: MAX_WINDOW_SECONDS, description: '… within so many seconds.' }),
  },
  {
    $id: 'FilterRate',
    additionalProperties: false,
    description: 'How many in which time.',
    examples: [{ limit: 10, seconds: 10 }],
  },
);
export type Rate = Static<typeof Rate>;

const FloodFilter = Type.Object(
  {
    messages: Type.Optional(Ref(Rate)),
    repeats: Type.Optional(Ref(Rate)),
    outcome: Ref(Outcome),
  },
  {
    $id: 'FloodFilter',
    additionalProperties: false,
    description:
      'Looks for users who send too much: `messages` counts all that they send, `repeats` those with the same text. Each process counts what ' +
      'is sent through it.',
    examples: [
      {
        messages: { limit: 10, seconds: 10 },
        repeats: { limit: 3, seconds: 60 },
        outcome: { action: 'restrict', seconds: 600 },
      },
    ],
  },
);
export type FloodFilter = Static<typeof FloodFilter>;

const EXEMPT_ROLES = ['owner', 'admin', 'moderator', 'member'] as const;

const ExemptRole = Type.Unsafe<(typeof EXEMPT_ROLES)[number]>({
  $id: 'ExemptRole',
  type: 'string',
  enum: EXEMPT_ROLES,
  description: 'A role in a group whose messages no filter looks at.',
});

const orOff = <T extends TSchema>(model: T) => Type.Union([Ref(model), Type.Null()], { description: 'null: off.' });

const EXAMPLE = {
  words: { entries: ['casino*'], allowed: [], outcome: { action: 'flag' as const } },
  ...{ links: null, mentions: null, flood: null, exempt_roles: ['moderator'], exempt_api_keys: true },
};

export const FilterSettings = Type.Object(
  {
    version: Position('Ascends with each change; 0: they were never set.'),
    ...{
      words: orOff(WordFilter),
      links: orOff(LinkFilter),
      mentions: orOff(MentionFilter),
      flood: orOff(FloodFilter),
    },
    exempt_roles: Type.Array(OpenText(EXEMPT_ROLES, 'A role.'), {
      description: 'Roles in a group whose messages no filter looks at.',
    }),
    exempt_api_keys: Type.Boolean({
      description: 'Whether no filter looks at what API keys send in the name of users.',
    }),
  },
  {
    $id: 'FilterSettings',
    description: 'What the filters look for in messages before they are sent.',
    examples: [{ version: 3, ...EXAMPLE }],
  },
);
export type FilterSettings = Static<typeof FilterSettings>;

const input = <T extends TSchema>(model: T) =>
  Type.Optional(Type.Union([Ref(model), Type.Null()], { description: 'null, or not there: off.' }));

export const SetFilters = Type.Object(
  {
    if_version: Type.Optional(Position('Change nothing unless the filters have this `version`.')),
    ...{
      words: input(WordFilter),
      links: input(LinkFilter),
      mentions: input(MentionFilter),
      flood: input(FloodFilter),
    },
    exempt_roles: Type.Optional(
      Type.Array(Ref(ExemptRole), {
        maxItems: EXEMPT_ROLES.length,
        description: 'Roles in a group whose messages no filter looks at; not there: none.',
      }),
    ),
    exempt_api_keys: Type.Optional(
      Type.Boolean({
        description: 'Whether no filter looks at what API keys send in the name of users; not there: none does.',
      }),
    ),
  },
  {
    $id: 'SetFilters',
    additionalProperties: false,
    description: 'All filters anew: what is not there is off.',
    examples: [EXAMPLE],
  },
);
export type SetFilters = Static<typeof SetFilters>;

export const filterModels = [
  ...[Action, Outcome, WordFilter, LinkMode, LinkFilter, MentionFilter, Rate, FloodFilter],
  ...[ExemptRole, FilterSettings, SetFilters],
];
