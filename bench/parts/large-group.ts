import { signIn } from '../data/cast.js';
import { createDatabase } from '../data/database.js';
import { fillGroups } from '../data/fill-groups.js';
import { oneByOne } from '../load/one-by-one.js';
import { addMember, get, removeMember, send, type Request } from '../requests.js';
import { inTurns, medianOf, ratio } from '../rounds.js';
import type { Section } from '../section.js';
import { startMessenger } from '../servers/servers.js';
import type { Bench } from './index.js';

const SIZES = [1000, 100_000];
const QUICK_SIZES = [50, 1000];
/** Of each request, in a round. */
const REQUESTS = 20;
const QUICK_REQUESTS = 5;

/** What the size of a group does to what is done in it. */
export async function measureLargeGroup({ options, folder, say }: Bench): Promise<Section[]> {
  const sizes = options.quick ? QUICK_SIZES : SIZES;
  const count = options.quick ? QUICK_REQUESTS : REQUESTS;
  const database = await createDatabase();
  const { groups, ownerId, firstOutsider } = await fillGroups(database.url, sizes, count);
  const server = await startMessenger(database, folder);
  const [owner] = signIn(ownerId, 1);
  const each = (make: (chatId: number, n: number) => Request) => (chatId: number) => {
    return Array.from({ length: count }, (_, n) => make(chatId, n));
  };
  // In this order: who is added is removed again.
  const asked: Readonly<Record<string, (chatId: number) => Request[]>> = {
    send: each((chatId) => send(owner!, chatId)),
    'message page': each((chatId) => get(owner!, `/chat/${chatId}/messages`)),
    'chat, with ten people': each((chatId) => get(owner!, `/chat/${chatId}?participants=10`)),
    add: each((chatId, n) => addMember(owner!, chatId, firstOutsider + n)),
    remove: each((chatId, n) => removeMember(owner!, chatId, firstOutsider + n)),
    'participants, the first page': each((chatId) => get(owner!, `/chat/${chatId}/participants`)),
    'participants, by name': each((chatId, n) => get(owner!, `/chat/${chatId}/participants?name=member-${n}`)),
  };
  const measure = (chatId: number) => async () => {
    const figures: Record<string, Awaited<ReturnType<typeof oneByOne>>> = {};
    for (const [name, requests] of Object.entries(asked)) figures[name] = await oneByOne(server.url, requests(chatId));
    return figures;
  };
  const [small, large] = sizes.map(String);
  const measurements = Object.fromEntries(groups.map(({ people, chatId }) => [String(people), measure(chatId)]));
  for (const warmUp of Object.values(measurements)) await warmUp();
  const measured = await inTurns(options.rounds, measurements);
  await server.stop();
  const rows = Object.keys(asked).map((name) => {
    const p50 = (of: Awaited<ReturnType<(typeof measurements)[string]>>) => of[name]!.p50;
    const p95 = (of: Awaited<ReturnType<(typeof measurements)[string]>>) => of[name]!.p95;
    const [ofSmall, ofLarge] = [measured[small!]!, measured[large!]!];
    const times = ratio(ofLarge, ofSmall, p50);
    say(`${name}: ${times.median.toFixed(2)} times as long in the large group`);
    return {
      Request: name,
      [`${small} people: p50, ms`]: medianOf(ofSmall, p50),
      [`${large} people: p50, ms`]: medianOf(ofLarge, p50),
      'p50 for 1 of the small': times,
      'p95 for 1 of the small': ratio(ofLarge, ofSmall, p95),
    };
  });
  const text = `${count} requests of each kind in a round, one after the other, in a group of each size; nobody is online.`;
  return [{ title: 'Large groups', text, rows }];
}
