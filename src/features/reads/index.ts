import type { Feature } from '../feature.js';
import { readMarkMoved } from './read.changes.js';
import { readEvents } from './reads.events.js';
import { readFrames } from './reads.frames.js';
import { readRoutes } from './reads.routes.js';
import { ParticipantRead, ReadMark, ReadUpTo } from './reads.schemas.js';
import { clearAfterSend } from './reads.service.js';

export { ParticipantRead, ReadUpTo } from './reads.schemas.js';
export { publishMark } from './reads.service.js';

export const reads: Feature = {
  name: 'reads',
  models: [ReadUpTo, ReadMark, ParticipantRead],
  changes: [readMarkMoved],
  ephemeral: readEvents,
  frames: readFrames,
  afterSend: clearAfterSend,
  routes: readRoutes,
};
