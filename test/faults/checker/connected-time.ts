import { subtract, type Span } from '../spans.js';
import type { DeviceHistory, History } from './history.js';

/** When the device was connected to a node that could serve it. */
export function connectedTime({ entries, frozen }: DeviceHistory, { frozenNodes, databaseDown, endedAt }: History) {
  const spans: Span[] = [];
  let open: { from: number; node: number } | undefined;
  const close = (to: number) => {
    if (open) spans.push(...subtract([{ from: open.from, to }], frozenNodes[open.node] ?? []));
    open = undefined;
  };
  for (const entry of entries) {
    if (entry.kind === 'connected') open = { from: entry.at, node: entry.node };
    if (entry.kind === 'disconnected') close(entry.at);
  }
  close(endedAt);
  return subtract(spans, [...frozen, ...databaseDown]);
}
