import { AccessToken, Credentials, Registration } from './auth.schemas.js';

export const authModels = [Registration, Credentials, AccessToken];
export { authRoutes } from './auth.routes.js';
