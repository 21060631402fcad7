/** The order backwards in every other round, so that none always has the same one before it. */
export function turns<T>(items: readonly T[], round: number): T[] {
  return round % 2 === 0 ? [...items] : [...items].reverse();
}
