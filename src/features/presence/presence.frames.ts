import { Type } from '@sinclair/typebox';
import { MAX_WATCHED, frameHandler, type FrameHandler } from '../../realtime/index.js';
import { Id, Ref } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { UserPresence } from './presence.schemas.js';

const user_ids = Type.Array(Id(), { minItems: 1, maxItems: MAX_WATCHED, description: 'The users.' });

/** Tells a client who is online. */
export function presenceFrames({ realtime }: Pick<Services, 'realtime'>): FrameHandler[] {
  return [
    frameHandler({
      type: 'presence.subscribe',
      description:
        'Asks whether users are online, and to be told when that changes; only of those with whom the user shares a chat.',
      fields: { user_ids },
      answer: Type.Array(Ref(UserPresence)),
      answerDescription: 'How the users are now.',
      narrowed: { rights: 'read', chats: 'filtered' },
      handle: ({ connection }, { user_ids: userIds }) => realtime.presence.watch(connection, userIds),
    }),
    frameHandler({
      type: 'presence.unsubscribe',
      description: 'Takes that back.',
      fields: { user_ids },
      answer: 'empty',
      answerDescription: 'It is taken back.',
      narrowed: { rights: 'read', chats: 'none' },
      handle: ({ connection }, { user_ids: userIds }) => {
        realtime.presence.unwatch(connection, userIds);
      },
    }),
  ];
}
