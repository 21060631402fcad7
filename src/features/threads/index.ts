import type { Feature } from '../feature.js';
import { settleAfter } from './settle.js';
import { threadUpdated } from './thread.changes.js';
import { Thread, threadFields, threadInput } from './thread.fields.js';
import { threadRoutes } from './threads.routes.js';
import { FollowedThread, OwnThread, ThreadList, ThreadPage, ThreadState } from './threads.schemas.js';

export { settleAfter } from './settle.js';
export { threadStateProjection } from './thread.fields.js';
export { requireRoot } from './threads.service.js';

export const threads: Feature = {
  name: 'threads',
  models: [Thread, ThreadState, OwnThread, ThreadPage, FollowedThread, ThreadList],
  changes: [threadUpdated],
  messageFields: threadFields,
  messageInputs: [threadInput],
  afterSend: settleAfter,
  afterDelete: settleAfter,
  routes: threadRoutes,
};
