import { Type, type Static } from '@sinclair/typebox';
import { propertiesOf } from '../../database/index.js';
import { Id, Nullable, Position, Text } from '../../shared/schema.js';
import { MAX_DRAFT, draftFields } from '../chats/index.js';

export const Draft = Type.Object(
  { chat_id: Id(), ...propertiesOf(draftFields) },
  {
    $id: 'Draft',
    description: 'What the user has begun to write in a chat.',
    examples: [{ chat_id: 6, draft: 'Dear Charles', draft_reply_to_id: null, draft_revision: 12 }],
  },
);
export type Draft = Static<typeof Draft>;

const IfRevision = Position('Change nothing unless the draft has this `draft_revision`.');

export const WriteDraft = Type.Object(
  {
    contents: Text({ minLength: 1, maxLength: MAX_DRAFT, description: 'All that is written so far.' }),
    reply_to_id: Type.Optional(Nullable(Id('The message that it answers; null or left out: none.'))),
    if_revision: Type.Optional(IfRevision),
  },
  { $id: 'WriteDraft', additionalProperties: false, examples: [{ contents: 'Dear Charles', if_revision: 11 }] },
);
export type WriteDraft = Static<typeof WriteDraft>;

export const RemoveDraftQuery = Type.Object({ if_revision: Type.Optional({ ...IfRevision, examples: [12] }) });
