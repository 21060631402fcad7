import type { OwnStates } from 'messenger-client';

/** Whether the user is told of none of their messages, now. */
export function isMutedPerson(own: OwnStates | undefined, personId: number): boolean {
  const mute = own?.[`mute:${personId}`];
  return mute?.muted === true && (mute.until === null || Date.parse(mute.until) > Date.now());
}
