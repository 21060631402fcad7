import { Type } from '@sinclair/typebox';
import { eventKind, messageKind } from '../../changes/index.js';
import { Id, Nullable, Ref } from '../../shared/schema.js';
import { Message, MessageDeletion } from './messages.schemas.js';

export const messageCreated = messageKind({
  type: 'message.created',
  description: 'A message has been sent.',
  data: Ref(Message),
});

export const messageUpdated = messageKind({
  type: 'message.updated',
  description: 'A message has been edited, or pinned, or its poll or thread has changed.',
  data: Ref(Message),
});

/** A sync, and a stream after it, bring a message that has changed as it is now, whichever kinds of change it had. */
export const MESSAGE_STATE = {
  type: 'message.state',
  description: 'A message as it is now, however often it has changed meanwhile.',
  data: Ref(Message),
};

export const messageDeleted = eventKind({
  type: 'message.deleted',
  description: 'A message is gone.',
  // The client_id stays known: a send that is retried after the deletion must not bring the message back.
  stored: Type.Object({
    ...{ id: Id(), author_id: Id(), client_id: Nullable(Type.String()) },
    shadowed: Type.Optional(Type.Boolean()),
  }),
  data: Ref(MessageDeletion),
  conflictsWithSends: true,
  onlyFor: ({ shadowed, author_id }) => (shadowed ? author_id : undefined),
  present: (_people, changes) => Promise.resolve(changes.map(({ data: { id } }) => ({ id }))),
});
