import type { Projection } from './projection.js';
import type { ChatProjection } from './statements/chats.js';
import type { MessageInput, MessageProjection } from './statements/messages.js';
import type { ProfileProjection } from './statements/profiles.js';
import type { PersonProjection, UserProjection } from './statements/users.js';

/** A state that is one user's alone, and that they catch up with by the number in their own log at which it last changed. */
export interface OwnState {
  readonly type: string;
  /** SQL for the states of the user: their `me_pts`, and the `key` of each. */
  readonly changed: (userId: string) => string;
  /** SQL for one of them as JSON, as it is now. */
  readonly state: (userId: string, key: string) => string;
}

/** What the API shows of the database: hot statements are put together of it, once, when the server begins. */
export interface ReadModel {
  /** A user as they see themselves. */
  readonly user: UserProjection;
  /** A user as others see them. */
  readonly person: PersonProjection;
  /** All that others may know of a user. */
  readonly profile: ProfileProjection;
  readonly message: MessageProjection;
  readonly messageInputs: readonly MessageInput[];
  readonly chat: ChatProjection;
  /** Those fields of a chat that are the participant's own. Of the table mine. */
  readonly own: Projection<object>;
  readonly ownStates: readonly OwnState[];
  /** Rows of a chat's log that are larger as clients get them than as they are stored, and how many times. */
  readonly growth: readonly { readonly type: string; readonly factor: number }[];
}
