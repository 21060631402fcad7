/** Who does something that the audit log keeps, and from where. */
export interface Actor {
  readonly type: 'user' | 'key' | 'operator' | 'system';
  /** Of a user or a key. */
  readonly id: number | null;
  readonly address: string | null;
}

/** The person who runs a command beside the server. */
export const OPERATOR: Actor = { type: 'operator', id: null, address: null };
/** The server by itself. */
export const SYSTEM: Actor = { type: 'system', id: null, address: null };

/** Who asks: the key, also when it acts as a user. */
export function actorOf(request: {
  readonly apiKey: { readonly id: number } | undefined;
  readonly userId: number;
  readonly ip: string;
}): Actor {
  const { apiKey, userId, ip: address } = request;
  return apiKey ? { type: 'key', id: apiKey.id, address } : { type: 'user', id: userId, address };
}
