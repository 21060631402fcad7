import type { Feature } from '../feature.js';
import { Pinned, pinnedField } from './pin.fields.js';
import { pinRoutes } from './pins.routes.js';
import { PinList, PinMessage } from './pins.schemas.js';

export { passPinsOn } from './pass-pins-on.js';

export const pins: Feature = {
  name: 'pins',
  models: [Pinned, PinMessage, PinList],
  messageFields: [pinnedField],
  routes: pinRoutes,
};
