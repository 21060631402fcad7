import { ownKind } from '../../changes/index.js';
import { Ref } from '../../shared/schema.js';
import { threadStateProjection } from './thread.fields.js';
import { ThreadState } from './threads.schemas.js';

export const threadUpdated = ownKind({
  type: 'thread.updated',
  description: 'The user follows a thread, or does not any more, or has read on in it, perhaps on another device.',
  data: Ref(ThreadState),
  changed: (userId) => `select me_pts, id as key from public.thread_state where user_id = ${userId}`,
  state: (userId, key) => `(
        select ${threadStateProjection.json('thread_state')} from public.thread_state
        where thread_state.id = ${key} and thread_state.user_id = ${userId}
      )`,
});
