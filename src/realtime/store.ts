/** A user in a chat, and where the chat stands. */
export interface Membership {
  readonly userId: number;
  readonly chatId: number;
  readonly pts: number;
}

interface LastSeen {
  readonly userId: number;
  readonly lastSeenAt: string | null;
}

type Pair = Pick<Membership, 'userId' | 'chatId'>;

/** Joins are numbered in the order in which they begin. */
export interface Join extends Pair {
  readonly order: number;
}

/** What the nodes ask the database. */
export interface Store {
  /** undefined: there is no such user. */
  chatsOf(userId: number): Promise<readonly Membership[] | undefined>;
  /** Those of the pairs that are so. */
  check(pairs: readonly Pair[]): Promise<readonly Membership[]>;
  positions(chatIds: readonly number[]): Promise<readonly { readonly chatId: number; readonly pts: number }[]>;
  /** In ascending order, which is not quite that in which they were committed. */
  joinsAfter(order: number, limit: number): Promise<readonly Join[]>;
  lastJoin(): Promise<number>;
  epoch(): Promise<string>;
  /** Those of the users who are still there. */
  existing(userIds: readonly number[]): Promise<readonly number[]>;
  /** Those of the others with whom the user shares a chat, or who are the user. Times are ISO 8601. */
  contacts(userId: number, otherIds: readonly number[]): Promise<readonly LastSeen[]>;
  /** They are seen now. */
  seen(userIds: readonly number[]): Promise<void>;
}
