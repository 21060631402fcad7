import { Type, type Static } from '@sinclair/typebox';
import { ROLES, type Role } from '../../shared/rights.js';
import { Id, Ref } from '../../shared/schema.js';
import { ChatParams } from '../../changes/index.js';

export const GivenRole = Type.Unsafe<Role>({
  $id: 'GivenRole',
  type: 'string',
  enum: ROLES,
  description: 'A role in a group. Who gives away `owner` is an admin from then on.',
});

export const ChangeParticipant = Type.Object(
  { role: Ref(GivenRole) },
  { $id: 'ChangeParticipant', additionalProperties: false, examples: [{ role: 'moderator' }] },
);
export type ChangeParticipant = Static<typeof ChangeParticipant>;

export const ParticipantParams = Type.Object({
  ...ChatParams.properties,
  user_id: Id('Who gets the role.', { examples: [7] }),
});
