import type { FromEmptyResult } from '../from-empty.js';
import type { GrowthResult } from '../growth.js';
import type { OverloadPhase, OverloadResult } from '../overload.js';
import type { PlanResult } from '../plans.js';
import type { Results } from '../results.js';
import type { ProbeFigures, LoginBurstResult } from '../login-burst.js';
import type { ServerResult, ThroughputResult } from '../throughput.js';
import { fanOutSection, idleSection, latencySection, slowReaderSection } from './delivery-tables.js';
import { databaseName, databaseSettings, dayOf } from './facts.js';
import { escaped, section, table, type Column } from './markdown.js';
import { ratio, ratioSpread, rounded, whole } from './numbers.js';
import { refusedPerSecond } from './overload-refusals.js';

/** Everything that the results say, in Markdown. */
export function tables(results: Results): string {
  const { throughput, fromEmpty, growth, plans, loginBurst, overload, fanOut, twoNodes, latency, slowReader, idle } =
    results;
  return [
    origin(results),
    throughput && throughputSection(throughput),
    throughput && peerSection(throughput),
    fromEmpty && fromEmptySection(fromEmpty),
    growth && growthSection(growth),
    loginBurst && loginBurstSection(loginBurst),
    overload && overloadSection(overload),
    fanOut && fanOutSection(fanOut, twoNodes),
    latency && latencySection(latency),
    slowReader && slowReaderSection(slowReader),
    idle && idleSection(idle),
    plans && plansSection(plans),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function origin(results: Results): string {
  const { commit, machine, packages, data, method } = results;
  const settings = databaseSettings(results).map(([name, value]) => `\`${name} = ${value}\``);
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${dayOf(results)} on ${commitName(commit)}:`,
    `${machine.cpu}, ${machine.cores} cores, ${rounded(machine.memoryGiB)} GiB, ${machine.system};`,
    `${[`Node ${machine.node.replace(/^v/, '')}`, ...versions].join(', ')};`,
    `${[databaseName(results), ...settings].join(', ')};`,
    `${whole(data.users)} users, ${whole(data.chats)} chats, ${whole(data.messages)} messages;`,
    `medians of ${method.rounds} rounds of ${method.seconds} s each, [min–max] over the rounds.`,
  ].join(' ');
}

function commitName(commit: string): string {
  return commit.endsWith('+') ? `commit \`${commit.slice(0, -1)}\` with changes since` : `commit \`${commit}\``;
}

function throughputSection(throughput: readonly ThroughputResult[]): string {
  const both = (of: (result: ServerResult) => string) => {
    return ({ messenger, baseline }: ThroughputResult) => `${of(messenger)} / ${of(baseline)}`;
  };
  const columns: Column<ThroughputResult>[] = [
    { title: 'Request', of: ({ request }) => request, words: true },
    { title: 'Connections', of: ({ connections }) => whole(connections) },
    { title: 'Requests/s: messenger', of: ({ messenger }) => rounded(messenger.perSecond.median) },
    { title: 'baseline', of: ({ baseline }) => rounded(baseline.perSecond.median) },
    { title: 'ratio', of: (result) => ratioSpread(result.ratio) },
    { title: 'p50, ms', of: both(({ p50 }) => rounded(p50.median)) },
    { title: 'p99, ms', of: both(({ p99 }) => rounded(p99.median)) },
    { title: 'Errors', of: both(({ errors }) => whole(errors)) },
    { title: 'Server CPU, s per 1,000', of: both(({ serverCpu }) => rounded(serverCpu)) },
    { title: 'Database CPU, s per 1,000', of: both(({ databaseCpu }) => rounded(databaseCpu)) },
    { title: 'Statements per request', of: both(({ statements }) => rounded(statements)) },
    { title: 'Times the original', of: timesTheOriginal },
  ];
  return section('Throughput', 'Where there are two numbers: messenger / baseline.', table(columns, throughput));
}

function timesTheOriginal({ messenger, originalPerSecond }: ThroughputResult): string {
  return rounded(originalPerSecond === null ? null : messenger.perSecond.median / originalPerSecond);
}

interface Pair {
  readonly request: string;
  readonly messenger: ServerResult;
  readonly peer: ServerResult;
}

function peerSection(throughput: readonly ThroughputResult[]): string | undefined {
  const pairs = throughput.flatMap(({ request, messenger, peer }): Pair[] => {
    return peer ? [{ request, messenger, peer }] : [];
  });
  if (pairs.length === 0) return undefined;
  const both =
    (of: (result: ServerResult) => string) =>
    ({ messenger, peer }: Pair) => {
      return `${of(messenger)} / ${of(peer)}`;
    };
  const columns: Column<Pair>[] = [
    { title: 'Request', of: ({ request }) => request, words: true },
    { title: 'Requests/s: messenger', of: ({ messenger }) => rounded(messenger.perSecond.median) },
    { title: 'peer', of: ({ peer }) => rounded(peer.perSecond.median) },
    { title: 'ratio', of: ({ messenger, peer }) => ratio(messenger.perSecond.median / peer.perSecond.median) },
    { title: 'p50, ms', of: both(({ p50 }) => rounded(p50.median)) },
    { title: 'p99, ms', of: both(({ p99 }) => rounded(p99.median)) },
    { title: 'Errors', of: both(({ errors }) => whole(errors)) },
  ];
  return section('Beside a peer', 'Where there are two numbers: messenger / peer.', table(columns, pairs));
}

function fromEmptySection(results: readonly FromEmptyResult[]): string {
  const columns: Column<FromEmptyResult>[] = [
    { title: 'Database', of: ({ database }) => database, words: true },
    { title: 'Seconds', of: ({ windowSeconds, perSecond }) => whole(windowSeconds * perSecond.length) },
    { title: 'Sends/s: best tenth', of: ({ best }) => rounded(best) },
    { title: 'last tenth', of: ({ last }) => rounded(last) },
    { title: 'ratio', of: (result) => ratio(result.ratio) },
    { title: 'beside the second server', of: ({ steadyRatio }) => ratio(steadyRatio) },
    { title: 'after a restart', of: ({ afterRestart }) => rounded(afterRestart) },
    { title: 'Longest send, ms', of: ({ longest }) => rounded(longest) },
    { title: 'Errors', of: ({ errors }) => whole(errors) },
  ];
  return section(
    'From empty',
    'The database is empty at the start; 16 connections send to 100 chats. A tenth of the time is 30 s of five minutes. ' +
      'Beside the second server: each for 1 of what a server whose database is older did at the same time.',
    table(columns, results),
  );
}

function growthSection(growth: readonly GrowthResult[]): string {
  const columns: Column<GrowthResult>[] = [
    { title: 'Request', of: ({ request }) => request, words: true },
    { title: 'What grows', of: ({ dimension }) => dimension, words: true },
    { title: 'Size: p50, ms', of: sizesAndTimes, words: true },
    { title: 'p50 at the largest for 1 at the smallest', of: (result) => ratioSpread(result.growth) },
  ];
  return section('Growth', table(columns, growth));
}

function sizesAndTimes({ points }: GrowthResult): string {
  return points.map(({ size, p50 }) => `${whole(size)}: ${rounded(p50.median)}`).join(' · ');
}

function loginBurstSection({ connections, seconds, quiet, burst, ...logins }: LoginBurstResult): string {
  const columns: Column<ProbeFigures & { readonly name: string }>[] = [
    { title: '`GET /user/me`', of: ({ name }) => name, words: true },
    { title: 'Answers', of: ({ answers }) => whole(answers) },
    { title: 'Failures', of: ({ failures }) => whole(failures) },
    { title: 'p50, ms', of: ({ p50 }) => rounded(p50) },
    { title: 'p99, ms', of: ({ p99 }) => rounded(p99) },
    { title: 'Asked late, p99, ms', of: ({ delayP99 }) => rounded(delayP99) },
  ];
  return section(
    'A burst of logins',
    table(columns, [
      { name: 'quiet', ...quiet },
      { name: 'burst', ...burst },
    ]),
    `In the burst ${whole(connections)} connections logged in for ${rounded(seconds)} s: ` +
      `${rounded(logins.loginsPerSecond)} logins a second (answers ${statusList(logins.statuses)}). ` +
      `p99 was ${ratio(logins.ratio)} times what it was in quiet.`,
  );
}

function overloadSection(overload: OverloadResult): string {
  const columns: Column<OverloadPhase>[] = [
    { title: 'Phase', of: ({ name }) => name, words: true },
    { title: 'Asked for, per s', of: ({ offeredPerSecond }) => rounded(offeredPerSecond) },
    { title: 'Answers 200 per s', of: ({ perSecond }) => rounded(perSecond) },
    { title: 'Answers 503 per s', of: (phase) => rounded(refusedPerSecond(phase)) },
    { title: 'p50, ms', of: ({ p50 }) => rounded(p50) },
    { title: 'p99, ms', of: ({ p99 }) => rounded(p99) },
    { title: 'Answers by status', of: ({ statuses }) => statusList(statuses), words: true },
    {
      title: 'Memory halfway / at the end, MiB',
      of: ({ memoryHalfway, memory }) => `${rounded(memoryHalfway)} / ${rounded(memory)}`,
    },
  ];
  return section(
    'Overload',
    `“${overload.request}” by ${whole(overload.connections)} connections; the server can keep up ` +
      `${rounded(overload.sustainablePerSecond)} answers a second. Times are those of the answers 200.`,
    table(columns, overload.phases),
    `${overload.retryAfter ? 'Each' : 'Not each'} 503 had a \`Retry-After\`. ` +
      `Answers were as quick as before ${rounded(overload.secondsToNormal)} s after the overload.`,
  );
}

function statusList(statuses: Record<string, number>): string {
  return Object.entries(statuses)
    .map(([status, count]) => `${status}: ${whole(count)}`)
    .join('; ');
}

function plansSection(plans: readonly PlanResult[]): string {
  const columns: Column<PlanResult>[] = [
    { title: 'Statement', of: ({ statement }) => statement, words: true },
    { title: 'Index access only', of: ({ indexOnly }) => (indexOnly ? 'yes' : 'no'), words: true },
    { title: 'Planned once', of: ({ plannedOnce }) => (plannedOnce ? 'yes' : 'no'), words: true },
  ];
  const codeBlocks = plans.map(
    ({ statement, plan }) => `${escaped(statement)}:\n\n\`\`\`text\n${plan.join('\n')}\n\`\`\``,
  );
  return section(
    'Plans',
    table(columns, plans),
    '<details>\n<summary>The plans</summary>',
    ...codeBlocks,
    '</details>',
  );
}
