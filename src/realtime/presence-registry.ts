/** Knows who has a connection, on any node. */
export interface PresenceRegistry {
  /** Repeated for as long as the users are connected: a node that was killed repeats nothing, and its users expire. */
  arrived(userIds: readonly number[]): Promise<void>;
  left(userId: number): Promise<void>;
  /** Rejects while the other nodes can't be asked. */
  online(userIds: readonly number[]): Promise<ReadonlySet<number>>;
}
