import type { Feature } from '../feature.js';
import { Reacted, messageReacted, reactedMessageModel } from './reaction.changes.js';
import { ReactionCount, reactionFields } from './reaction.fields.js';
import { reactionRoutes } from './reactions.routes.js';
import { OwnReactions, Reaction, ReactionList } from './reactions.schemas.js';

export { removeReactionsOf } from './remove-reactions.js';

export const reactions: Feature = {
  name: 'reactions',
  models: ({ messageFields }) => [
    ...[ReactionCount, Reacted, reactedMessageModel(messageFields)],
    ...[OwnReactions, Reaction, ReactionList],
  ],
  changes: [messageReacted],
  messageFields: reactionFields,
  routes: reactionRoutes,
};
