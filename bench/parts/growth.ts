import { CAST } from '../data/cast.js';
import { createDatabase } from '../data/database.js';
import { fill } from '../data/fill.js';
import { WORLD } from '../data/world.js';
import { drive } from '../load/drive.js';
import { get, send, type Request } from '../requests.js';
import { inTurns, medianOf, ratio } from '../rounds.js';
import type { Section } from '../section.js';
import { startMessenger } from '../servers/servers.js';
import type { Bench } from './index.js';

interface Point {
  readonly size: number;
  readonly url: string;
  readonly requests: Request[];
}

/** Numbers of messages that are measured besides those of the run. */
const SIZES = [1000, 10_000, 100_000];
const PAGES = 20;
/** As many messages as each of the crowded chats has. */
const FEW = 5;

/** How long a request of one connection takes as something grows. Each number of messages has a database of its own. */
export async function measureGrowth({ database, options, folder, say }: Bench): Promise<Section[]> {
  const { users, chats, rounds, seconds, warmUpSeconds, quick } = options;
  const served = [];
  for (const messages of SIZES.slice(0, quick ? 1 : undefined).filter((size) => size < options.messages)) {
    const another = await createDatabase();
    await fill(another.url, { users, chats, messages });
    served.push({ size: messages, ...(await startMessenger(another, folder)) });
  }
  served.push({ size: options.messages, ...(await startMessenger(database, folder)) });

  const measure = async ({ url, requests }: Point) => {
    const load = { url, requests, connections: 1 };
    await drive({ ...load, until: { seconds: warmUpSeconds } });
    return (await drive({ ...load, until: { seconds } })).p50;
  };
  const rows = [];
  for (const { request, grows, points } of seriesOf(served, users)) {
    if (!request.includes(options.only)) continue;
    const times = await inTurns(rounds, Object.fromEntries(points.map((point) => [point.size, () => measure(point)])));
    const growth = ratio(times[points.at(-1)!.size]!, times[points[0]!.size]!, (time) => time);
    const text = points.map(({ size }) => `${size}: ${medianOf(times[size]!, (time) => time).toPrecision(3)}`);
    rows.push({ Request: request, 'What grows': grows, 'Size: p50, ms': text.join(' · '), Growth: growth });
    say(`${request}, ${grows}: ${growth.median.toFixed(2)} times`);
  }
  for (const server of served) await server.stop();
  return [{ title: 'Growth', text: 'Growth is the p50 at the largest size for 1 at the smallest.', rows }];
}

/** The smallest sizes first. */
function seriesOf(databases: readonly Omit<Point, 'requests'>[], users: number) {
  const [author, regular] = [CAST.hotAuthors[0]!, CAST.regulars[0]!];
  const { url } = databases.at(-1)!;
  const crowds = WORLD.crowds.filter(({ people }) => WORLD.firstOfCrowd + people <= users);
  const members = [
    { caller: regular, size: WORLD.chatsOfRegular as number },
    ...CAST.collectors.map((caller, at) => ({ caller, size: WORLD.collectors[at]!.chats })),
  ].sort((one, other) => one.size - other.size);

  const byMessages = (request: string, requests: (size: number) => Request[]) => {
    const points = databases.map((database): Point => ({ ...database, requests: requests(database.size) }));
    return { request, grows: 'messages in the database', points };
  };
  const byPeople = (request: string, one: (chatId: number) => Request) => {
    const audiences = [{ chatId: WORLD.pairChat, people: 2 }, ...crowds];
    const points = audiences.map(({ chatId, people }): Point => ({ size: people, url, requests: [one(chatId)] }));
    return { request, grows: 'people in the chat', points };
  };
  return [
    // The hot chat has a tenth of the messages; its pages are read all over it.
    byMessages('message page', (size) => {
      const cursors = Array.from({ length: PAGES }, (_, at) => Math.floor((at * (size / 2)) / PAGES) + 1);
      return cursors.map((cursor) => get(author, `/chat/${WORLD.hotChat}/messages?cursor=${cursor}`));
    }),
    byMessages('send', () => [send(author, WORLD.hotChat)]),
    byMessages('chat list', () => [get(regular, '/user/chats')]),
    {
      request: 'chat list',
      grows: 'chats of the user',
      points: members.map(({ caller, size }) => ({ size, url, requests: [get(caller, '/user/chats')] })),
    },
    byPeople('send', (chatId) => send(author, chatId)),
    byPeople('message page', (chatId) => get(author, `/chat/${chatId}/messages?limit=${FEW}`)),
    byPeople('chat', (chatId) => get(author, `/chat/${chatId}`)),
  ];
}
