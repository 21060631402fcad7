import type { OwnStates, ThreadState } from 'messenger-client';

/** What a thread is to the user; undefined: nothing, or not known yet. */
export function threadStateOf(own: OwnStates | undefined, rootId: number): ThreadState | undefined {
  return own?.[`thread:${rootId}`];
}

/** From which message on a thread is unread; undefined: the user does not follow it. */
export function threadMarkOf(own: OwnStates | undefined, rootId: number): number | undefined {
  const state = threadStateOf(own, rootId);
  return state?.following ? (state.last_read_message_id ?? rootId) : undefined;
}
