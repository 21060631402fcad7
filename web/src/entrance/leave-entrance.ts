import { currentPath, go } from '../app/address.js';

/** Addresses of the entrance lead nowhere once one is in; any other was asked for, and is shown. */
export function leaveEntrance(): void {
  if (['login', 'register', 'forgot', 'reset'].includes(currentPath())) go('', { isInPlace: true });
}
