import { signIn } from '../data/cast.js';
import { WORLD } from '../data/world.js';
import { Crowd } from '../load/crowd.js';
import { carryOut } from '../load/one-by-one.js';
import { probe } from '../load/probe.js';
import { Receivers } from '../load/receivers.js';
import { audienceOf } from '../load/route.js';
import { react, send } from '../requests.js';
import { inTurns, medianOf, ratio, sumOf } from '../rounds.js';
import type { Section } from '../section.js';
import { startMessenger } from '../servers/servers.js';
import type { Bench } from './index.js';

const ONLINE = 500;
const REACTIONS_PER_SECOND = 1000;
const SENDS_PER_SECOND = 40;
/** At its p95 there have to be some sends. */
const SECONDS = 10;
/** Until all connections are there. */
const GATHERING_SECONDS = 1;

/** What everybody else notices when a whole crowd reacts to one message. */
export async function measureReactions({ database, options, folder, say }: Bench): Promise<Section[]> {
  const seconds = options.quick ? options.seconds : SECONDS;
  const gathering = options.quick ? options.seconds : GATHERING_SECONDS;
  const { chatId, authors, tokens } = audienceOf(ONLINE, options.users)!;
  const people = signIn(WORLD.firstOfCrowd, ONLINE - authors.length);
  const server = await startMessenger(database, folder);
  const receivers = new Receivers();
  await receivers.run('open', server.url, tokens);
  const author = authors[0]!;
  const { id } = JSON.parse(await carryOut(server.url, send(author, chatId))) as { id: number };
  const crowd = new Crowd();
  // Everybody gives one, then everybody takes it back: each is a change.
  await crowd.run(
    'prepare',
    (['PUT', 'DELETE'] as const).flatMap((method) => people.map((person) => react(person, id, '👍', method))),
  );
  const sendSteadily = () => probe(server.url, () => send(author, chatId), SENDS_PER_SECOND, seconds);
  const measure = async (isStormy: boolean) => {
    await receivers.run('begin');
    const stormSeconds = seconds + 2 * gathering;
    const storm = isStormy ? crowd.run('ask', server.url, REACTIONS_PER_SECOND, stormSeconds) : undefined;
    await new Promise((resolve) => setTimeout(resolve, gathering * 1000));
    const sends = await sendSteadily();
    const reactions = await storm;
    await receivers.untilQuiet();
    const { frames } = await receivers.run('read', 0);
    return { sends, frames, reactions, errors: sends.errors + (reactions?.errors ?? 0) };
  };
  await measure(true);
  const phases = await inTurns(options.rounds, { quiet: () => measure(false), reactions: () => measure(true) });
  receivers.end();
  crowd.end();
  await server.stop();
  const { quiet = [], reactions = [] } = phases;
  const p95 = ratio(reactions, quiet, ({ sends }) => sends.p95);
  say(`the p95 of a send is ${p95.median.toFixed(2)} times what it is in quiet`);
  const rows = Object.entries(phases).map(([phase, each]) => ({
    Phase: phase,
    'Reactions/s': medianOf(each, ({ reactions }) => reactions?.perSecond ?? 0),
    'Reaction p95, ms': medianOf(each, ({ reactions }) => reactions?.p95 ?? 0),
    'Frames of each socket': medianOf(each, ({ frames }) => frames / ONLINE),
    'Send p50, ms': medianOf(each, ({ sends }) => sends.p50),
    'send p95, ms': medianOf(each, ({ sends }) => sends.p95),
    'p95 for 1 of quiet': ratio(each, quiet, ({ sends }) => sends.p95),
    Errors: sumOf(each, ({ errors }) => errors),
  }));
  const text =
    `${REACTIONS_PER_SECOND} reactions a second to one message, given and taken back by ${people.length} people, while ${ONLINE} are online in ` +
    `the chat; ${SENDS_PER_SECOND} messages a second are sent to it.`;
  return [{ title: 'A storm of reactions', text, rows }];
}
