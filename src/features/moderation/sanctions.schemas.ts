import { Type, type Static } from '@sinclair/typebox';
import { PlaceQuery, placePageFields } from '../../shared/place-pages.js';
import { Id, Nullable, Ref, Time, Words } from '../../shared/schema.js';
import { ChatParams } from '../../changes/index.js';
import { CHARLES, ShortUser } from '../users/index.js';

export const MAX_BAN_REASON = 500;
const MAX_RESTRICTION_REASON = 512;

/** When something ends that begins now. */
export const Until = Type.Optional(
  Type.String({ format: 'date-time', description: 'When it ends by itself; not there: it stays until it is lifted.' }),
);

/** Which messages of somebody are deleted who is kept out. */
export const DeletedMessages = Type.Unsafe<'none' | 'last_24h' | 'all'>({
  $id: 'DeletedMessages',
  type: 'string',
  enum: ['none', 'last_24h', 'all'],
  description: 'Which of their messages are deleted. It begins at once, and takes its time with many of them.',
});
export type DeletedMessages = Static<typeof DeletedMessages>;

const restriction = {
  reason: Words({ minLength: 1, maxLength: MAX_RESTRICTION_REASON, description: 'Why; for those who may moderate.' }),
  until: Until,
};

export const Restrict = Type.Object(restriction, {
  $id: 'RestrictParticipant',
  additionalProperties: false,
  examples: [{ reason: 'Off topic again.', until: '2026-11-30T09:00:00.000Z' }],
});
export type Restrict = Static<typeof Restrict>;

export const Shadow = Type.Object(restriction, {
  $id: 'ShadowParticipant',
  additionalProperties: false,
  examples: [{ reason: 'The same advertisement everywhere.', until: '2026-11-30T09:00:00.000Z' }],
});
export type Shadow = Static<typeof Shadow>;

export const Ban = Type.Object(
  {
    reason: Words({ minLength: 1, maxLength: MAX_BAN_REASON, description: 'Why; for those who may moderate.' }),
    until: Until,
    delete_messages: Type.Optional(Ref(DeletedMessages)),
  },
  {
    $id: 'BanFromChat',
    additionalProperties: false,
    examples: [{ reason: 'Spam.', delete_messages: 'last_24h' }],
  },
);
export type Ban = Static<typeof Ban>;

export const SanctionParams = Type.Object({
  ...ChatParams.properties,
  user_id: Id('Whom it concerns.', { examples: [7] }),
});

const EXAMPLE_SANCTION = {
  ...{ user: CHARLES, until: null, reason: 'Spam.' },
  ...{ created_at: '2026-11-24T10:00:00.000Z', actor_id: 5 },
};

const Sanction = Type.Object(
  {
    user: Ref(ShortUser),
    until: Nullable(Time('When it ends by itself; null: it stays until it is lifted.')),
    reason: Type.String({ description: 'Why.' }),
    created_at: Time('When it was made, or last changed.'),
    actor_id: Id('Who made it, or last changed it.'),
  },
  {
    $id: 'ChatSanction',
    description: 'That somebody is restricted in a group, in the shadow there, or banned from it.',
    examples: [EXAMPLE_SANCTION],
  },
);
export type Sanction = Static<typeof Sanction>;

export const SanctionQuery = PlaceQuery('people');
export type SanctionQuery = Static<typeof SanctionQuery>;

export const SanctionList = Type.Object(
  { ...placePageFields('people'), sanctions: Type.Array(Ref(Sanction)) },
  {
    $id: 'ChatSanctionList',
    description:
      'Some of those who are restricted in a group, in the shadow there, or banned from it, the newest first.',
    examples: [{ next: '12', has_more: false, count: 1, sanctions: [EXAMPLE_SANCTION] }],
  },
);
export type SanctionList = Static<typeof SanctionList>;

export const sanctionModels = [DeletedMessages, Restrict, Shadow, Ban, Sanction, SanctionList];
