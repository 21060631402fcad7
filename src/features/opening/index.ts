import type { Feature } from '../feature.js';
import { openingRoutes } from './opening.routes.js';
import { CreateGroupChat, CreatePrivateChat } from './opening.schemas.js';

export { createChat, findPrivateChatId, mayOpenPrivateChat } from './opening.queries.js';

export const opening: Feature = {
  name: 'opening',
  models: [CreatePrivateChat, CreateGroupChat],
  routes: openingRoutes,
};
