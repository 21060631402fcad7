import { Type, type Static } from '@sinclair/typebox';
import { Id } from '../../shared/schema.js';
import { ClientId } from '../messages/index.js';

export const ForwardMessage = Type.Object(
  { message_id: Id('The message, in any chat of the user.'), client_id: Type.Optional(ClientId) },
  {
    $id: 'ForwardMessage',
    additionalProperties: false,
    examples: [{ message_id: 8, client_id: '0b7e6a52-4b0e-4d3b-9f6a-1c2e8d543f0c' }],
  },
);
export type ForwardMessage = Static<typeof ForwardMessage>;
