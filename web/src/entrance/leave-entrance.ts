import { currentPath, go } from '../app/address.js';
import { keptInvite } from '../invites/invite-address.js';

/** Addresses of the entrance lead nowhere once one is in, but to the group whose link was opened first; any other was asked for, and is shown. */
export function leaveEntrance(): void {
  if (!['login', 'register', 'forgot', 'reset'].includes(currentPath())) return;
  const token = keptInvite.read();
  go(token === undefined ? '' : `i#${token}`, { isInPlace: true });
}
