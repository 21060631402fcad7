import { Type, type Static } from '@sinclair/typebox';
import { Id, Nullable, OpenText, SmallInteger, Text } from '../../shared/schema.js';
import { EXAMPLE_TOKEN, TOKEN_PATTERN } from './invite-token.js';

export const InviteToken = Type.Object(
  { token: Type.String({ pattern: TOKEN_PATTERN, description: 'The secret of the link.' }) },
  {
    $id: 'InviteToken',
    description: 'The secret of an invite link, in the body: an address is written to logs.',
    additionalProperties: false,
    examples: [{ token: EXAMPLE_TOKEN }],
  },
);

export const InvitePreview = Type.Object(
  {
    name: Nullable(Text({ description: 'The name of the group.' })),
    description: Nullable(Text({ description: 'What it is about; null: nobody has said.' })),
    avatar_url: Nullable(Text({ description: 'Where a picture of it is; null: there is none.' })),
    participant_count: SmallInteger({ description: 'How many people take part.' }),
    needs_approval: Type.Boolean({ description: 'Whether one only asks to join.' }),
    has_asked: Type.Boolean({ description: 'Whether the user has asked to join already.' }),
    chat_id: Nullable(Id('The chat, when the user takes part in it already; null: they do not.')),
  },
  {
    $id: 'InvitePreview',
    description: 'What a link leads to.',
    examples: [
      {
        ...{ name: 'Engines', description: 'All about engines', avatar_url: null, participant_count: 2 },
        ...{ needs_approval: false, has_asked: false, chat_id: null },
      },
    ],
  },
);
export type InvitePreview = Static<typeof InvitePreview>;

export const Joining = Type.Object(
  {
    outcome: OpenText(['joined', 'asked'], 'Whether the user takes part now, or has asked to.'),
    chat_id: Nullable(Id('The chat; null while somebody has to let the user in.')),
  },
  {
    $id: 'Joining',
    description: 'What became of opening a link.',
    examples: [{ outcome: 'joined', chat_id: 6 }],
  },
);
export type Joining = Static<typeof Joining>;
