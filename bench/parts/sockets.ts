import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/processes/network.js';
import { memoryOf } from '../../test/processes/usage.js';
import { signIn } from '../data/cast.js';
import { WORLD } from '../data/world.js';
import { timed } from '../load/clock.js';
import { probe } from '../load/probe.js';
import { Receivers } from '../load/receivers.js';
import { audienceOf } from '../load/route.js';
import { send } from '../requests.js';
import { inTurns, medianOf, spread, sumOf } from '../rounds.js';
import type { Section } from '../section.js';
import { startMessenger } from '../servers/servers.js';
import type { Bench } from './index.js';

const MEMBERS = 10;
const SLOW = 3;
/**
 * In these seconds more is due to a socket than the kernel takes in, which is some four megabytes, and the server keeps
 * for it. They are no more than it goes on waiting for an answer to its close: a client that reads again then finds the close.
 */
const SECONDS = 2;
const PER_SECOND = 500;
/** As UTF-8 it is 8 kB. */
const FILLER = '🐢'.repeat(2000);
const MEMORY_EVERY_MS = 50;
const CLOSE_TIMEOUT_MS = 5000;

/** What the others notice of clients that do not read. */
export async function measureSlowReader({ database, options, folder }: Bench): Promise<Section[]> {
  const { chatId, tokens, authors } = audienceOf(MEMBERS, options.users)!;
  const server = await startMessenger(database, folder);
  const [readers, slow] = [new Receivers(), new Receivers()];
  await readers.run('open', server.url, tokens.slice(SLOW));
  const message = () => send(authors[0]!, chatId, timed() + FILLER);
  const closed: number[] = [];

  const runPhase = async (areSlow: boolean) => {
    await slow.run('open', server.url, tokens.slice(0, SLOW));
    if (areSlow) await slow.run('pause');
    await readers.run('begin');
    const memory = [memoryOf(server.pid)];
    const watching = setInterval(() => memory.push(memoryOf(server.pid)), MEMORY_EVERY_MS);
    const sent = await probe(server.url, message, PER_SECOND, SECONDS);
    await slow.run('resume');
    const received = await readers.readUntil(sent.answers);
    if (areSlow) {
      // One that did not read notices its close when it has caught up.
      const areClosed = async () => (await slow.run('read', 0)).closeCodes.length === SLOW;
      await until(areClosed, CLOSE_TIMEOUT_MS, 'sockets that were not read are closed').catch(() => undefined);
      closed.push(...(await slow.run('read', 0)).closeCodes);
    }
    clearInterval(watching);
    await slow.run('close');
    const { p50, p99, missing, surplus } = received;
    return {
      p50,
      p99,
      faults: [missing, surplus, sent.errors],
      memory: [memory[0]!, Math.max(...memory), memory.at(-1)!],
    };
  };
  await runPhase(false);
  const phases = await inTurns(options.rounds, {
    'all read': () => runPhase(false),
    'some do not': () => runPhase(true),
  });
  readers.end();
  slow.end();
  await server.stop();
  const text =
    `${PER_SECOND} messages a second of ${Buffer.byteLength(FILLER)} bytes each to ${MEMBERS} members for ${SECONDS} s; in ` +
    `every other phase ${SLOW} of them do not read until its end. The server closed ${closed.length} of their sockets, ` +
    `with ${[...new Set(closed)].join(', ')}. Times, from sending to the arrival, are those of the others.`;
  const rows = Object.entries(phases).map(([phase, all]) => ({
    Phase: phase,
    'p50, ms': medianOf(all, ({ p50 }) => p50),
    'p99, ms': spread(all.map(({ p99 }) => p99)),
    'Missing, surplus, errors': [0, 1, 2].map((at) => sumOf(all, ({ faults }) => faults[at]!)),
    'Memory before, at most and at the end, MiB': [0, 1, 2].map((at) => medianOf(all, ({ memory }) => memory[at]!)),
  }));
  return [{ title: 'Clients that do not read', text, rows }];
}

const IDLE_CONNECTIONS = 5000;
/** What these bring into memory is there for all. */
const FIRST = 500;
const SETTLE_SECONDS = 6;
/** Longer than the 20 s between two pings. */
const IDLE_SECONDS = 30;

/** What a connection costs that does nothing. */
export async function measureIdle({ database, options: { users, quick }, folder }: Bench): Promise<Section[]> {
  const connections = Math.min(IDLE_CONNECTIONS, users - WORLD.firstOfCrowd);
  const tokens = signIn(WORLD.firstOfCrowd, connections).map(({ token }) => token);
  const server = await startMessenger(database, folder);
  const receivers = new Receivers();
  await receivers.run('open', server.url, tokens.slice(0, FIRST));
  await sleep(quick ? 100 : SETTLE_SECONDS * 1000);
  const before = memoryOf(server.pid);
  await receivers.run('open', server.url, tokens.slice(FIRST));
  await sleep(quick ? 500 : IDLE_SECONDS * 1000);
  const after = memoryOf(server.pid);
  receivers.end();
  await server.stop();
  const row = {
    Connections: connections,
    [`Memory of the server with the first ${FIRST}, MiB`]: before,
    'with all, MiB': after,
    'for each that came, KiB': ((after - before) * 1024) / (connections - FIRST),
  };
  // All of them are in the largest crowd as well.
  const text = `Users with a socket each, in ${WORLD.otherChats + 1} chats or more; idle for longer than a heartbeat.`;
  return [{ title: 'Idle connections', text, rows: [row] }];
}
