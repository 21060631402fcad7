import type { Feature } from '../feature.js';
import { adminReportRoutes } from './admin-reports.routes.js';
import { adminReportModels } from './admin-reports.schemas.js';
import { reportRoutes } from './reports.routes.js';
import { reportModels } from './reports.schemas.js';

export { insertFilterReport } from './reports.queries.js';

export const reports: Feature = {
  name: 'reports',
  models: [...reportModels, ...adminReportModels],
  routes: reportRoutes,
  adminRoutes: adminReportRoutes,
};
