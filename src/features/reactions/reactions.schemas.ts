import { Type, type Static } from '@sinclair/typebox';
import { PlaceQuery, placePageFields } from '../../shared/place-pages.js';
import { Id, Position, Ref, Time } from '../../shared/schema.js';
import { MessageParams } from '../messages/index.js';
import { ADA, ShortUser } from '../users/index.js';
import { Emoji, ReactionCount } from './reaction.fields.js';

export const ReactionParams = Type.Object({
  ...MessageParams.properties,
  emoji: Type.String({
    maxLength: 64,
    description: 'An emoji, or the name of a picture that your application knows, such as `:shipped:`.',
    examples: ['👍'],
  }),
});

export const OwnReactions = Type.Object(
  {
    id: Id('The message.'),
    version: Position('That of the message with these reactions.'),
    reactions: Type.Array(Ref(ReactionCount), { description: 'How people have reacted to it.' }),
    my_reactions: Type.Array(Emoji, { description: 'The emojis with which the user has reacted.' }),
  },
  {
    $id: 'OwnReactions',
    description: 'The reactions to a message, and those of the user.',
    examples: [{ id: 8, version: 43, reactions: [{ emoji: '👍', count: 2, first: [5, 7] }], my_reactions: ['👍'] }],
  },
);
export type OwnReactions = Static<typeof OwnReactions>;

export const ReactionListQuery = Type.Object({
  ...PlaceQuery('reactions').properties,
  emoji: Type.Optional({ ...Emoji, description: 'Only those with this one.', examples: ['👍'] }),
});
export type ReactionListQuery = Static<typeof ReactionListQuery>;

export const Reaction = Type.Object(
  { user: Ref(ShortUser), emoji: Emoji, created_at: Time('When they reacted.') },
  {
    $id: 'Reaction',
    description: "Somebody's reaction to a message.",
    examples: [{ user: ADA, emoji: '👍', created_at: '2026-11-23T09:12:00.000Z' }],
  },
);

export const ReactionList = Type.Object(
  { ...placePageFields('reactions'), reactions: Type.Array(Ref(Reaction)) },
  {
    $id: 'ReactionList',
    description: 'Some reactions to a message, in the order in which people reacted.',
    examples: [
      {
        ...{ next: '12', has_more: false, count: 1 },
        reactions: [{ user: ADA, emoji: '👍', created_at: '2026-11-23T09:12:00.000Z' }],
      },
    ],
  },
);
export type ReactionList = Static<typeof ReactionList>;
