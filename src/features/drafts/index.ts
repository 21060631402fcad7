import type { Feature } from '../feature.js';
import { draftChanged } from './draft.changes.js';
import { draftRoutes } from './drafts.routes.js';
import { Draft, WriteDraft } from './drafts.schemas.js';
import { removeAfterSend } from './drafts.service.js';

export const drafts: Feature = {
  name: 'drafts',
  models: [Draft, WriteDraft],
  changes: [draftChanged],
  afterSend: removeAfterSend,
  routes: draftRoutes,
};
