/** The key under which a pair of users has its one private chat; the same for both. */
export function privateKey(oneId: number, otherId: number): string {
  return `${Math.min(oneId, otherId)}:${Math.max(oneId, otherId)}`;
}

/** SQL for the other person of a private chat, whose key names both; null in a group, which has no key. */
export function peerId(userId: string): string {
  const [one, other] = [1, 2].map((part) => `split_part(chat.private_key, ':', ${part})::int8`);
  return `coalesce(nullif(${one}, ${userId}), ${other})`;
}
