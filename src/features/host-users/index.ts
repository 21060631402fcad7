import type { Feature } from '../feature.js';
import { developmentCredential } from './development-tokens.js';
import { hostTokenCredential } from './host-tokens.js';

/** Users whom the host application has made known by its own tokens. */
export const hostUsers: Feature = {
  name: 'host-users',
  credentials: (services) => [
    hostTokenCredential(services),
    ...(services.config.development ? [developmentCredential(services)] : []),
  ],
};
