import type { Feature } from '../feature.js';
import { serverUserRoutes } from './server-users.routes.js';
import {
  BatchModels,
  MintToken,
  MintedToken,
  PatchUser,
  PutUser,
  RevokeTokens,
  ServerUser,
  UserOutcome,
} from './server-users.schemas.js';

export const serverUsers: Feature = {
  name: 'server-users',
  models: [ServerUser, PutUser, PatchUser, UserOutcome, ...BatchModels, MintToken, MintedToken, RevokeTokens],
  serverRoutes: serverUserRoutes,
};
