import { Type, type Static } from '@sinclair/typebox';
import { Projection, field, propertiesOf, timeField } from '../../database/index.js';
import { ChatParams } from '../../changes/index.js';
import { Id, Nullable, Ref, SmallInteger, Text, Time } from '../../shared/schema.js';
import { EXAMPLE_TOKEN, TOKEN_PATTERN } from './invite-token.js';

const MAX_LABEL = 64;
const MAX_USES = 100_000;

const linkFields = [
  field('id', Id()),
  field('label', Nullable(Text({ maxLength: MAX_LABEL, description: 'What the link is called; null: nothing.' }))),
  field('creator_id', Id('Who made it.')),
  timeField('created_at', Time('When it was made.')),
  timeField('expires_at', Nullable(Time('From then on nobody joins by it; null: no such time.'))),
  field('max_uses', Nullable(SmallInteger({ description: 'How many may join by it; null: any number.' }))),
  field('uses', SmallInteger({ description: 'How many have joined by it, or asked to.' })),
  field('needs_approval', Type.Boolean({ description: 'Whether who opens it only asks to join.' })),
] as const;

export const linkProjection = Projection.of(linkFields);

const EXAMPLE_LINK = {
  ...{ id: 3, label: 'For the lecture', creator_id: 5, created_at: '2026-11-23T09:14:00.000Z' },
  ...{ expires_at: '2026-11-30T09:14:00.000Z', max_uses: 100, uses: 2, needs_approval: false },
};

export const InviteLink = Type.Object(propertiesOf(linkFields), {
  $id: 'InviteLink',
  description: 'A link by which people join a group, without its secret.',
  examples: [EXAMPLE_LINK],
});
export type InviteLink = Static<typeof InviteLink>;

export const NewInviteLink = Type.Object(
  {
    ...propertiesOf(linkFields),
    token: Type.String({ pattern: TOKEN_PATTERN, description: 'The secret of the link. It is shown this once.' }),
  },
  {
    $id: 'NewInviteLink',
    description: 'A new link, with its secret.',
    examples: [{ ...EXAMPLE_LINK, uses: 0, token: EXAMPLE_TOKEN }],
  },
);
export type NewInviteLink = Static<typeof NewInviteLink>;

export const InviteLinkList = Type.Object(
  { links: Type.Array(Ref(InviteLink), { description: 'The newest first.' }) },
  { $id: 'InviteLinkList', description: 'The links of a group.', examples: [{ links: [EXAMPLE_LINK] }] },
);
export type InviteLinkList = Static<typeof InviteLinkList>;

export const CreateInviteLink = Type.Object(
  {
    label: Type.Optional(Text({ minLength: 1, maxLength: MAX_LABEL, description: 'What the link is called.' })),
    expires_at: Type.Optional(
      Type.String({ format: 'date-time', description: 'From then on nobody joins by it. Without it: no such time.' }),
    ),
    max_uses: Type.Optional(
      SmallInteger({
        minimum: 1,
        maximum: MAX_USES,
        description: 'How many may join by it. Without it: any number.',
      }),
    ),
    needs_approval: Type.Optional(
      Type.Boolean({
        description: 'Whether who opens it only asks to join, for somebody with the right `admit` to decide.',
      }),
    ),
  },
  { $id: 'CreateInviteLink', additionalProperties: false, examples: [{ max_uses: 100 }] },
);
export type CreateInviteLink = Static<typeof CreateInviteLink>;

export const InviteLinkParams = Type.Object({
  ...ChatParams.properties,
  link_id: Id('The link.', { examples: [3] }),
});
