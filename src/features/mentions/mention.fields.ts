import { Type, type Static } from '@sinclair/typebox';
import {
  NAMED_ROLES,
  field,
  keptMentions,
  mayAuthor,
  namesAll,
  usuallyNull,
  withOwnEdit,
} from '../../database/index.js';
import { Id, OpenText, Ref } from '../../shared/schema.js';
import type { MessageInputField } from '../feature.js';
import { followEdit } from './mentions.queries.js';

const MAX_USERS = 100;

const EXAMPLE = { user_ids: [7], roles: ['moderator'], all: false };

export const MentionedRole = Type.Unsafe<(typeof NAMED_ROLES)[number]>({
  $id: 'MentionedRole',
  type: 'string',
  enum: NAMED_ROLES,
  description: 'A role in the group, which stands for everybody who has it.',
});

/** Whom an author names. */
export const NewMentions = Type.Object(
  {
    user_ids: Type.Optional(
      Type.Array(Id(), {
        maxItems: MAX_USERS,
        description: 'Users. Those who are not in the chat are left out, and so is the author.',
      }),
    ),
    roles: Type.Optional(
      Type.Array(Ref(MentionedRole), {
        maxItems: NAMED_ROLES.length,
        description: 'Everybody who has one of these roles.',
      }),
    ),
    all: Type.Optional(Type.Boolean({ description: 'true: everybody in the chat. It needs the right `mention_all`.' })),
  },
  {
    $id: 'NewMentions',
    additionalProperties: false,
    description:
      'Whom a message names. The server does not read the contents for it; docs/formatting.md has how contents show it.',
    examples: [EXAMPLE],
  },
);

export type NewMentions = Static<typeof NewMentions>;

/** Whom a message names. */
export const Mentions = Type.Object(
  {
    user_ids: Type.Array(Id(), { description: 'Users who were in the chat then.' }),
    roles: Type.Array(OpenText(NAMED_ROLES, 'A role.'), { description: 'Roles: everybody who has one now.' }),
    all: Type.Boolean({ description: 'Whether it names everybody in the chat.' }),
  },
  { $id: 'Mentions', description: 'Whom a message names.', examples: [EXAMPLE] },
);

export const mentionsField = field('mentions', Ref(Mentions), {
  optional: true,
  isRepeatedJson: true,
  usual: usuallyNull('mentions'),
  ...withOwnEdit('mentions'),
});

/** An edit gives them anew, so that nobody is named when it gives none. */
export const mentionsInput: MessageInputField = {
  name: 'mentions',
  type: 'jsonb',
  schema: Ref(NewMentions),
  editSchema: Ref(NewMentions),
  refusal: (draft) =>
    `case when ${namesAll(`${draft}.mentions`)} and not ${mayAuthor(draft, 'mention_all')} then 'right missing' end`,
  kept: keptMentions,
  afterEdit: followEdit,
};
