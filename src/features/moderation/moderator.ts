import type { Actor } from '../../audit/index.js';

/** Who moderates a group. */
export interface Moderator {
  /** For the log of the chat. */
  readonly userId: number;
  /** For the audit log. */
  readonly actor: Actor;
  /** An admin of the whole application, who needs no right in the group and may be outside of it. */
  readonly isAdmin?: boolean;
}
