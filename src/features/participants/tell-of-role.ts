import { ownLogAdvanced, type Publisher } from '../../realtime/index.js';
import type { RoleGiven } from './participants.queries.js';

/** The devices of somebody who has another role sync what they may do now. */
export function tellOfRole(live: Publisher, given: RoleGiven | undefined): void {
  if (given) live.publishOwn(given.userId, ownLogAdvanced(given.mePts));
}
