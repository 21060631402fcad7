import type { DeliveryFigures } from '../delivery/deliver.js';
import type { FanOutResult } from '../delivery/fan-out.js';
import type { IdleResult } from '../delivery/idle.js';
import type { LatencyResult } from '../delivery/latency.js';
import type { SlowReaderPhase, SlowReaderResult } from '../delivery/slow-reader.js';
import type { TwoNodesResult } from '../delivery/two-nodes.js';
import { section, table, type Column } from './markdown.js';
import { ratioSpread, rounded, whole } from './numbers.js';

const FAULTS = 'Deliveries missing, surplus; answers not 200';

interface Faults {
  readonly missing: number;
  readonly surplus: number;
  readonly errors: number;
}

function faults({ missing, surplus, errors }: Faults): string {
  return `${whole(missing)}, ${whole(surplus)}; ${whole(errors)}`;
}

export function fanOutSection(fanOut: readonly FanOutResult[], twoNodes: TwoNodesResult | undefined): string {
  const both = (of: (figures: DeliveryFigures) => string) => {
    return ({ messenger, bare }: FanOutResult) => `${of(messenger)} / ${of(bare)}`;
  };
  const columns: Column<FanOutResult>[] = [
    { title: 'Members online', of: ({ members }) => whole(members) },
    { title: 'Connections', of: ({ connections }) => whole(connections) },
    { title: 'Messages/s', of: both(({ messagesPerSecond }) => rounded(messagesPerSecond.median)) },
    { title: 'Deliveries/s', of: both(({ deliveriesPerSecond }) => rounded(deliveriesPerSecond.median)) },
    { title: 'ratio', of: (result) => ratioSpread(result.ratio) },
    { title: 'CPU for a delivery, µs', of: both(({ cpu }) => rounded(cpu)) },
    { title: FAULTS, of: both(faults) },
    { title: 'Messages for a one-commit send, one chat', of: (result) => ratioSpread(result.perOneCommitSend.oneChat) },
    { title: 'many chats', of: (result) => ratioSpread(result.perOneCommitSend.manyChats) },
  ];
  return section(
    'Delivery',
    'Persisted messages to those of a chat who are online, one in flight on each connection, beside a bare `ws` process. ' +
      'Where there are two numbers: messenger / bare process.',
    table(columns, fanOut),
    ...(twoNodes ? twoNodesParts(twoNodes) : []),
  );
}

function twoNodesParts({ members, connections, ratio, oneNode, twoNodes }: TwoNodesResult): string[] {
  const columns: Column<DeliveryFigures & { readonly name: string }>[] = [
    { title: 'Through', of: ({ name }) => name, words: true },
    { title: 'Messages/s', of: ({ messagesPerSecond }) => rounded(messagesPerSecond.median) },
    { title: 'Deliveries/s', of: ({ deliveriesPerSecond }) => rounded(deliveriesPerSecond.median) },
    { title: 'CPU for a delivery, µs', of: ({ cpu }) => rounded(cpu) },
    { title: FAULTS, of: faults },
  ];
  return [
    `The same with ${whole(members)} members and ${whole(connections)} connections on one node, and on two that meet in ` +
      `Redis: authors are connected to one, readers to the other. Two nodes delivered ${ratioSpread(ratio)} of what ` +
      'one did; their CPU is that of both.',
    table(columns, [
      { name: 'one node', ...oneNode },
      { name: THROUGH['two nodes'], ...twoNodes },
    ]),
  ];
}

const THROUGH: Record<LatencyResult['via'], string> = {
  baseline: 'baseline, delivers nothing',
  'bare process': 'bare process',
  'one node': 'one node',
  'two nodes': 'two nodes, over Redis',
};

export function latencySection(latency: readonly LatencyResult[]): string {
  const received = (of: (receive: NonNullable<LatencyResult['receive']>) => string) => {
    return ({ receive }: LatencyResult) => (receive ? of(receive) : '–');
  };
  const columns: Column<LatencyResult>[] = [
    { title: 'Members online', of: ({ members }) => whole(members) },
    { title: 'Through', of: ({ via }) => THROUGH[via], words: true },
    { title: 'Messages/s', of: ({ messagesPerSecond }) => whole(messagesPerSecond) },
    { title: 'Messages', of: ({ messages }) => whole(messages) },
    { title: 'Send p50, ms', of: ({ send }) => rounded(send.p50.median) },
    { title: 'p99, ms', of: ({ send }) => rounded(send.p99.median) },
    { title: 'Send to receive p50, ms', of: received(({ p50 }) => rounded(p50.median)) },
    { title: 'p99, ms', of: received(({ p99 }) => rounded(p99.median)) },
    { title: 'Receive p99 for send p50', of: received(({ ratio }) => ratioSpread(ratio)) },
    {
      title: FAULTS,
      of: ({ receive, errors }) => (receive ? faults({ ...receive, errors }) : `–; ${whole(errors)}`),
    },
    { title: 'Asked late, p99, ms', of: ({ delayP99 }) => rounded(delayP99.median) },
  ];
  return section(
    'From sending to receiving',
    'At a steady rate. On two nodes the author is on one, and everybody who reads on the other. ' +
      'The bare `ws` process sends the same frames, without any database; the baseline commits the same messages, ' +
      'each by itself, and tells nobody.',
    table(columns, latency),
  );
}

export function slowReaderSection({ phases, slow, closed, ...result }: SlowReaderResult): string {
  const memory = (of: (memory: NonNullable<SlowReaderPhase['memory']>) => { readonly median: number }) => {
    return (phase: SlowReaderPhase) => rounded(phase.memory && of(phase.memory).median);
  };
  const columns: Column<SlowReaderPhase>[] = [
    { title: 'Phase', of: ({ name }) => name, words: true },
    { title: 'Send to receive p50, ms', of: ({ p50 }) => rounded(p50.median) },
    { title: 'p99, ms', of: ({ p99 }) => `${rounded(p99.median)} [${rounded(p99.min)}–${rounded(p99.max)}]` },
    { title: FAULTS, of: faults },
    { title: 'Memory before, MiB', of: memory(({ before }) => before) },
    { title: 'at most', of: memory(({ peak }) => peak) },
    { title: 'at the end', of: memory(({ end }) => end) },
  ];
  const codes = Object.entries(closed).map(([code, count]) => `${whole(count)} with ${code}`);
  return section(
    'Clients that do not read',
    `${whole(result.messagesPerSecond)} messages a second of ${whole(result.bytes)} bytes each to ${whole(result.members)} ` +
      `members for ${whole(result.seconds)} s; in every other phase ${whole(slow)} of them do not read until its end. ` +
      `Of their sockets the server closed ${codes.join(', ') || 'none'}. Times are those of the others.`,
    table(columns, phases),
  );
}

export function idleSection({
  first,
  connections,
  seconds,
  chatsOfUser,
  before,
  after,
  ...result
}: IdleResult): string {
  return section(
    'Idle connections',
    `${whole(connections)} users, each with one socket and in ${whole(chatsOfUser)} chats or more: the memory of the server ` +
      `went from ${rounded(before)} MiB with the first ${whole(first)} to ${rounded(after)} MiB with all of them when they ` +
      `had been idle for ${rounded(seconds)} s, ${rounded(result.kibPerConnection)} KiB for each that came.`,
  );
}
