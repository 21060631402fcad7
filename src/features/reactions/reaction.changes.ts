import { Type } from '@sinclair/typebox';
import { messageKind } from '../../changes/index.js';
import { propertiesOf, type Field } from '../../database/index.js';
import { Id, Ref } from '../../shared/schema.js';
import { EXAMPLE_MESSAGE } from '../messages/index.js';
import { Emoji, reactionFields } from './reaction.fields.js';

export const Reacted = Type.Object(
  { user_id: Id('Who.'), emoji: Emoji, added: Type.Boolean({ description: 'false: they have taken it back.' }) },
  {
    $id: 'Reacted',
    description: 'What somebody has done to the reactions to a message.',
    examples: [{ user_id: 7, emoji: '👍', added: true }],
  },
);

/** @param fields those of all features. */
export function reactedMessageModel<Fields extends readonly Field[]>(fields: Fields) {
  const reacted = Type.Array(Ref(Reacted), {
    description: 'What has been done since the version before, in its order.',
  });
  return Type.Object(
    { ...propertiesOf(fields), reacted },
    {
      $id: 'ReactedMessage',
      description: 'A message with its reactions as they are now.',
      examples: [
        {
          ...EXAMPLE_MESSAGE,
          reactions: [{ emoji: '👍', count: 2, first: [5, 7] }],
          reacted: [{ user_id: 7, emoji: '👍', added: true }],
        },
      ],
    },
  );
}

export const messageReacted = messageKind({
  type: 'message.reacted',
  description:
    'People have reacted to a message, or taken that back: what happens at about the same time is one change.',
  data: Ref(reactedMessageModel(reactionFields)),
});
