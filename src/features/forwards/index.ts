import type { Feature } from '../feature.js';
import { Forwarded, forwardedField } from './forward.fields.js';
import { forwardRoutes } from './forwards.routes.js';
import { ForwardMessage } from './forwards.schemas.js';

export { blankForwardsOf } from './forwards.service.js';

export const forwards: Feature = {
  name: 'forwards',
  models: [Forwarded, ForwardMessage],
  messageFields: [forwardedField],
  routes: forwardRoutes,
};
