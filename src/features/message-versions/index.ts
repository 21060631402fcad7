import type { Feature } from '../feature.js';
import { keepVersion } from './keep-version.js';
import { versionRoutes } from './versions.routes.js';
import { MessageVersion, MessageVersionPage } from './versions.schemas.js';

export { versionProjection } from './versions.fields.js';
export { removeVersionsOf } from './versions.queries.js';

export const messageVersions: Feature = {
  name: 'message-versions',
  models: [MessageVersion, MessageVersionPage],
  afterEdit: keepVersion,
  routes: versionRoutes,
};
