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
  TokenRights,
  UserOutcome,
} from './server-users.schemas.js';

export const serverUsers: Feature = {
  name: 'server-users',
  models: [
    ServerUser,
    PutUser,
    PatchUser,
    UserOutcome,
    ...BatchModels,
    TokenRights,
    MintToken,
    MintedToken,
    RevokeTokens,
  ],
  serverRoutes: serverUserRoutes,
};
