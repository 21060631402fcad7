import type { Database } from '../../database/index.js';
import { frameHandler, type FrameHandler } from '../../realtime/index.js';
import type { Logger } from '../../shared/logger.js';
import { Ref } from '../../shared/schema.js';
import { Sync, SyncRequest } from './sync.schemas.js';
import { sync } from './sync.service.js';

/** Catching up over a socket. */
export function syncFrames(db: Database, log: Logger): FrameHandler[] {
  return [
    frameHandler({
      type: 'sync',
      description: 'Asks for what the client does not have.',
      fields: SyncRequest.properties,
      answer: Ref(Sync),
      handle: (userId, request) => sync(db, log, userId, request),
    }),
  ];
}
