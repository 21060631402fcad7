import type { Feature } from '../feature.js';
import { receiptEvents } from './receipts.events.js';
import { receiptFrames } from './receipts.frames.js';
import { receiptRoutes } from './receipts.routes.js';
import { DeliveredMark, DeliveredUpTo, ParticipantDelivered, Receipts } from './receipts.schemas.js';

export const receipts: Feature = {
  name: 'receipts',
  models: [DeliveredUpTo, DeliveredMark, ParticipantDelivered, Receipts],
  ephemeral: receiptEvents,
  frames: receiptFrames,
  routes: receiptRoutes,
};
