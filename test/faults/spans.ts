/** From one time to another, in ms since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is left of spans when others are taken away. */
export function subtract(spans: readonly Span[], holes: readonly Span[]): Span[] {
  let left = [...spans];
  for (const hole of holes) {
    left = left.flatMap((span) => {
      if (hole.to <= span.from || hole.from >= span.to) return [span];
      const parts = [
        { from: span.from, to: hole.from },
        { from: hole.to, to: span.to },
      ];
      return parts.filter(({ from, to }) => from < to);
    });
  }
  return left;
}

/** For how long of a span one is in spans that don't overlap each other. */
export function timeWithin(spans: readonly Span[], { from, to }: Span): number {
  return spans.reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0);
}
