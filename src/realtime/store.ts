/** A user in a chat, and where the chat stands. */
export interface Membership {
  readonly userId: number;
  readonly chatId: number;
  readonly pts: number;
}

interface LastSeen {
  readonly userId: number;
  readonly lastSeenAt: string | null;
  /** Whether neither may know of the other. */
  readonly isHidden: boolean;
}

/** The chats of a user, and where their own log stands. */
export interface OwnMemberships {
  readonly mePts: number;
  readonly chats: readonly Membership[];
}

type Pair = Pick<Membership, 'userId' | 'chatId'>;

/** Joins are numbered in the order in which they begin. */
export interface Join extends Pair {
  readonly order: number;
}

/** What the nodes ask the database. */
export interface Store {
  /** undefined: there is no such user. */
  membershipsOf(userId: number): Promise<OwnMemberships | undefined>;
  /** Those of the pairs that are so. */
  check(pairs: readonly Pair[]): Promise<readonly Membership[]>;
  positions(chatIds: readonly number[]): Promise<readonly { readonly chatId: number; readonly pts: number }[]>;
  /** In ascending order, which is not quite that in which they were committed. */
  joinsAfter(order: number, limit: number): Promise<readonly Join[]>;
  lastJoin(): Promise<number>;
  epoch(): Promise<string>;
  /** Those of the users who are still there, and where their own logs stand. */
  ownPositions(userIds: readonly number[]): Promise<readonly { readonly userId: number; readonly mePts: number }[]>;
  /** The others who share a chat with the user, of these or, undefined, of all; and the user. Times are ISO 8601. */
  contacts(userId: number, otherIds: readonly number[], chats?: ReadonlySet<number>): Promise<readonly LastSeen[]>;
  /** They are seen now. */
  seen(userIds: readonly number[]): Promise<void>;
}
