import { Type, type Static } from '@sinclair/typebox';
import { Id } from '../../shared/schema.js';
import { NewName } from '../chats/index.js';
import { ClientId } from '../messages/index.js';

/** As many as one request can invite; a body of 1 MiB would hold far more. */
const MAX_INVITED = 10_000;

export const CreatePrivateChat = Type.Object(
  { with_user_id: Id('The other user.') },
  { $id: 'CreatePrivateChat', additionalProperties: false, examples: [{ with_user_id: 7 }] },
);

export const CreateGroupChat = Type.Object(
  {
    with_ids: Type.Array(Id(), {
      minItems: 1,
      maxItems: MAX_INVITED,
      description: 'The other users. One that is named twice counts once.',
    }),
    name: NewName,
    client_id: Type.Optional(ClientId),
  },
  { $id: 'CreateGroupChat', additionalProperties: false, examples: [{ with_ids: [7], name: 'Engines' }] },
);
export type CreateGroupChat = Static<typeof CreateGroupChat>;
