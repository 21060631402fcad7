import type { DelaySummary } from './checker/delay-summary.js';
import { describeDelay } from './checker/delays.js';
import type { History } from './checker/history.js';
import { OWN_LOG } from '../client/journal.js';
import type { Servers } from '../client/servers.js';
import { COUNTED } from './counters.js';
import { groupBy } from './group-by.js';
import type { Faults } from './load/faults.js';
import type { Ledger } from './load/ledger.js';
import type { Cluster } from './processes/cluster.js';
import type { Scraper } from './scraper.js';

export interface Facts {
  readonly cluster: Cluster;
  readonly history: History;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly servers: Servers;
  readonly delays: DelaySummary;
  readonly scraper: Scraper;
}

const CLOSED_BY_NOBODY = 1006;

/** What was done, and what was counted. */
export function describe({ cluster, history, ledger, faults, servers, delays, scraper }: Facts): string {
  const entries = history.devices.flatMap((device) => device.entries);
  const received = entries.filter((entry) => entry.kind === 'received');
  const ofType = (type: string) => received.filter((entry) => entry.type === type).length;
  const ofChats = (what: 'synced' | 'taken') => {
    return entries.filter((entry) => entry.kind === what && entry.chatId !== OWN_LOG).length;
  };
  const codes = entries.flatMap((entry) => (entry.kind === 'disconnected' ? [entry.code] : []));
  const failedStarts = cluster.nodes.reduce((sum, node) => sum + node.failedStarts, 0);
  const rows: [string, string | number][] = [
    ...COUNTED.map((name): [string, number] => [name, ledger.counters.get(name)]),
    ['events delivered', received.length],
    ...[...servers.statuses].sort(([a], [b]) => a - b).map(statusRow),
    ...faults.counts,
    ['node could not start', failedStarts],
    ['devices', history.devices.length],
    ['reconnects', entries.filter(({ kind }) => kind === 'connected').length - history.devices.length],
    ...[...groupBy(codes, (code) => code)]
      .filter(([code]) => code !== CLOSED_BY_NOBODY)
      .map(([code, all]): [string, number] => [`closed with ${code}`, all.length]),
    ['syncs', entries.filter(({ kind }) => kind === 'answered').length],
    ['chats synced', ofChats('synced')],
    ['chats taken whole', ofChats('taken')],
    ['resync', entries.filter(({ kind }) => kind === 'resync').length],
    ['chat.advanced', ofType('chat.advanced')],
    ['own changes', ofType('chat.settings') + ofType('chat.read_mark')],
    ['me.advanced', ofType('me.advanced')],
    ['changes synced', delays.synced],
    ['changes applied live', `${delays.live}, ${percentage(delays.live, delays.live + delays.synced)}`],
    ['median delay', `${delays.medianMs} ms`],
    ['longest delay', delays.longest ? describeDelay(delays.longest) : 'none'],
  ];
  return `${table(rows)}\nRead from /metrics:\n${table(scraper.summary())}`;
}

function table(rows: readonly (readonly [string, string | number])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}

function statusRow([status, count]: [number, number]): [string, number] {
  return [status === 0 ? 'requests without an answer' : `answers with ${status}`, count];
}

function percentage(part: number, whole: number): string {
  return `${((100 * part) / (whole || 1)).toFixed(1)} %`;
}
