import type { Feature } from '../feature.js';
import { adminUserModels } from './admin-users.schemas.js';
import { adminRoutes } from './admin.routes.js';
import { auditLogModels } from './audit-log.schemas.js';

export { ADMIN_ERRORS, lastAdmin, ownAccount } from './admin.errors.js';
export { AdminUserParams } from './admin-users.schemas.js';
export { lockAccount } from './admin.queries.js';
export { createAdmin, findByName, grantAdmin, listAdmins, revokeAdmin } from './admins.service.js';
export { PageCursor, PageLimit, pageOf } from './page.js';
export { suspend } from './suspension.service.js';
export { requireAdmin } from './require-admin.js';

export const admin: Feature = {
  name: 'admin',
  tag: { name: 'Administration', description: 'For admins, and for API keys with the scope `admin`.' },
  models: [...adminUserModels, ...auditLogModels],
  adminRoutes,
};
