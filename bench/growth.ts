import type { Cast } from './data/cast.js';
import { createDatabase, type BenchDatabase } from './data/database.js';
import { fill } from './data/fill.js';
import { WORLD } from './data/world.js';
import { drive } from './load/drive.js';
import type { Options } from './options.js';
import { get, send, type Request } from './requests.js';
import { startMessenger } from './servers/messenger.js';
import type { RunningServer } from './servers/process.js';
import { spread, type Spread } from './statistics.js';

/** How long a request takes, asked by one connection, as something grows. */
export interface GrowthResult {
  readonly request: string;
  /** What grows: "messages in the database", "chats of the user", "people in the chat". */
  readonly dimension: string;
  /** The smallest first. p50 in milliseconds, over all rounds. */
  readonly points: readonly { readonly size: number; readonly p50: Spread }[];
  /** p50 at the largest size for 1 at the smallest, round by round. */
  readonly growth: Spread;
}

/** A request at one size of what grows. */
interface Point {
  readonly size: number;
  readonly url: string;
  readonly requests: Request[];
}

interface Series {
  readonly request: string;
  readonly dimension: string;
  readonly points: readonly Point[];
}

/** Each size in a database of its own, all there at the same time, so that they are measured in turn. */
export async function measureGrowth(
  largest: BenchDatabase,
  cast: Cast,
  options: Options,
  folder: string,
  say: (line: string) => void,
): Promise<GrowthResult[]> {
  const { users, chats, smallerSizes } = options;
  const smaller: BenchDatabase[] = [];
  const servers: RunningServer[] = [];
  try {
    for (const messages of smallerSizes) {
      const database = await createDatabase();
      smaller.push(database);
      await fill(database.url, { users, chats, messages });
    }
    for (const database of [...smaller, largest]) servers.push(await startMessenger(database, folder));
    const server = servers.at(-1)!;
    const sizes = [...smallerSizes, options.messages];
    const series = [
      ...byMessages(
        cast,
        servers.map(({ url }, index) => ({ url, size: sizes[index] ?? 0 })),
      ),
      byChats(cast, server.url),
      ...byPeople(cast, server.url, users),
    ];
    const results: GrowthResult[] = [];
    for (const one of series.filter(({ request }) => request.includes(options.only ?? ''))) {
      const result = await measureSeries(one, options);
      say(`${result.request}, ${result.dimension}: ${result.growth.median.toFixed(2)} times`);
      results.push(result);
    }
    return results;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    for (const database of smaller) await database.drop();
  }
}

const PAGES = 20;

/** The hot chat has a tenth of the messages; its pages are read all over it. */
function byMessages({ regulars, hotAuthors }: Cast, databases: readonly { url: string; size: number }[]): Series[] {
  const dimension = 'messages in the database';
  const [author, regular] = [hotAuthors[0]!, regulars[0]!];
  const points = (requests: (size: number) => Request[]) => {
    return databases.map(({ url, size }) => ({ size, url, requests: requests(size) }));
  };
  return [
    {
      request: 'message page',
      dimension,
      points: points((size) => {
        const cursors = Array.from({ length: PAGES }, (_, index) => Math.floor((index * (size / 2)) / PAGES) + 1);
        return cursors.map((cursor) => get(author, `/chat/${WORLD.hotChat}/messages?cursor=${cursor}`));
      }),
    },
    { request: 'send', dimension, points: points(() => [send(author, WORLD.hotChat)]) },
    { request: 'chat list', dimension, points: points(() => [get(regular, '/user/chats')]) },
  ];
}

function byChats({ regulars, collectors }: Cast, url: string): Series {
  const members = [
    { caller: regulars[0]!, size: WORLD.chatsOfRegular as number },
    ...collectors.map((caller, index) => ({ caller, size: WORLD.collectors[index]?.chats ?? 0 })),
  ];
  const points = members.map(({ caller, size }) => ({ size, url, requests: [get(caller, '/user/chats')] }));
  return {
    request: 'chat list',
    dimension: 'chats of the user',
    points: points.sort((one, other) => one.size - other.size),
  };
}

/** As many messages as each of these chats has. */
const FEW = 5;

function byPeople({ hotAuthors }: Cast, url: string, users: number): Series[] {
  const dimension = 'people in the chat';
  const author = hotAuthors[0]!;
  const crowds = [
    { chatId: WORLD.pairChat, people: 2 },
    ...WORLD.crowds.filter(({ people }) => WORLD.firstOfCrowd + people <= users),
  ];
  const points = (requests: (chatId: number) => Request[]) => {
    return crowds.map(({ chatId, people }) => ({ size: people, url, requests: requests(chatId) }));
  };
  return [
    { request: 'send', dimension, points: points((chatId) => [send(author, chatId)]) },
    {
      request: 'message page',
      dimension,
      points: points((chatId) => [get(author, `/chat/${chatId}/messages?limit=${FEW}`)]),
    },
    { request: 'chat', dimension, points: points((chatId) => [get(author, `/chat/${chatId}`)]) },
  ];
}

async function measureSeries(
  { request, dimension, points }: Series,
  { rounds, seconds, warmUpSeconds }: Options,
): Promise<GrowthResult> {
  const times: number[][] = points.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { url, requests }] of points.entries()) {
      const load = { url, requests, connections: 1 };
      await drive({ ...load, until: { seconds: warmUpSeconds } });
      times[index]?.push((await drive({ ...load, until: { seconds } })).p50);
    }
  }
  const [first = []] = times;
  const last = times.at(-1) ?? [];
  return {
    request,
    dimension,
    points: points.map(({ size }, index) => ({ size, p50: spread(times[index] ?? []) })),
    growth: spread(last.map((time, round) => time / (first[round] ?? NaN))),
  };
}
