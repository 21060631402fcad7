import { frameHandler, type FrameHandler } from '../../realtime/index.js';
import { Ref } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { Sync, SyncRequest } from './sync.schemas.js';
import { sync } from './sync.service.js';

/** Catching up over a socket. */
export function syncFrames(services: Omit<Services, 'frames'>): FrameHandler[] {
  return [
    frameHandler({
      type: 'sync',
      description: 'Asks for what the client does not have.',
      fields: SyncRequest.properties,
      answer: Ref(Sync),
      narrowed: { rights: 'read', chats: 'filtered' },
      handle: ({ userId, connection }, request) => sync(services, userId, request, connection.chats),
    }),
  ];
}
