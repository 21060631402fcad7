import { Type } from '@sinclair/typebox';
import type { EventDescription } from '../../realtime/index.js';
import { Id, Ref } from '../../shared/schema.js';

export const JOIN_REQUESTED = 'join.requested';

export const JoinRequested = Type.Object(
  { user_id: Id('Who asks.') },
  { $id: 'JoinRequested', description: 'Somebody asks to join a group.', examples: [{ user_id: 9 }] },
);

/** For connected clients of those who may decide; others read the list. */
export const inviteEvents: EventDescription[] = [
  {
    type: JOIN_REQUESTED,
    description: 'Somebody asks to join a group in which the user may let people in.',
    data: Ref(JoinRequested),
    of: 'chat',
  },
];
