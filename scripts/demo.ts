// `npm run demo` fills the database with a little world to look at: the people of a bakery and their friends, with what they
// write each other. It prints a login, and where to open it. A second run says that the world is there already.
import { randomBytes } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient, type Prisma } from '../src/database/generated/client.js';
import { hashPassword } from '../src/features/auth/passwords.js';
import { PEOPLE, type Nick } from './demo/people.js';
import { TALKS, TILL } from './demo/talks.js';
import { openToolDatabase } from './tool-database.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** How long people think between two lines. */
const PAUSES_MS = [40_000, 75_000, 20_000, 130_000, 55_000];
/** The till speaks at half past six in the evening. */
const TILL_HOUR = 18.5;
const TRANSACTION_TIMEOUT_MS = 60_000;

const now = Date.now();
const nicks = Object.keys(PEOPLE) as Nick[];
const usernameOf = (nick: Nick) => `demo_${nick}`;
const firstUsername = usernameOf('ada');

/** Of all its people, and another for every world: it may stand on a server that others can reach. */
const PASSWORD = randomBytes(9).toString('base64url');

interface DemoMessage {
  readonly author: Nick;
  readonly contents: string;
  readonly created_at: Date;
}

interface DemoChat {
  /** undefined: it is private. */
  readonly name?: string | undefined;
  readonly people: readonly Nick[];
  /** In the order of their times. */
  readonly messages: readonly DemoMessage[];
}

/** So many days ago, at that hour of the day. */
function timeOf(days: number, hour: number): number {
  const midnight = new Date(now - days * DAY_MS);
  midnight.setHours(0, 0, 0, 0);
  return midnight.getTime() + hour * HOUR_MS;
}

function talks(): DemoChat[] {
  return TALKS.map(({ parts, ...chat }) => {
    const messages = parts.flatMap(({ days, at, lines }) => {
      const begin = timeOf(days, at);
      const times = lines.map((_line, index) => lines.slice(0, index).reduce((sum, _, n) => sum + pause(n), begin));
      // Nobody writes in the future: what is of today has just been said.
      const late = Math.max(0, (times.at(-1) ?? 0) - (now - PAUSES_MS.length * 60_000));
      return lines.map(([author, contents], index) => {
        return { author, contents, created_at: new Date((times[index] ?? begin) - late) };
      });
    });
    return { ...chat, messages };
  });
}

function pause(index: number): number {
  return PAUSES_MS[index % PAUSES_MS.length] ?? 0;
}

function till(): DemoChat {
  const messages = Array.from({ length: TILL.days }, (_, index) => {
    const days = TILL.days - index;
    const customers = 260 + ((days * 37) % 150);
    const contents = TILL.line(customers, Math.round(customers * 0.62));
    return { author: 'daniel' as const, contents, created_at: new Date(timeOf(days, TILL_HOUR)) };
  });
  return { name: TILL.name, people: TILL.people, messages };
}

const database = await openToolDatabase();
const pool = new pg.Pool({ connectionString: database.url, max: 1 });
const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { schema: database.schema }) });

type Transaction = Prisma.TransactionClient;
type Ids = ReadonlyMap<Nick, bigint>;

async function makePeople(tx: Transaction): Promise<Ids> {
  const password = await hashPassword(PASSWORD, 'demo');
  const created_at = new Date(timeOf(TILL.days + 10, 12));
  const rows = await tx.user.createManyAndReturn({
    data: nicks.map((nick) => {
      const username = usernameOf(nick);
      const account = { username, email: `${username}@example.com`, password, email_confirmed: true };
      return { ...account, ...PEOPLE[nick], external_id: `demo-${nick}`, created_at, updated_at: created_at };
    }),
    select: { id: true, username: true },
  });
  const ids = new Map(rows.map(({ id, username }) => [username, id]));
  return new Map(nicks.map((nick) => [nick, ids.get(usernameOf(nick)) ?? 0n]));
}

/** A chat as it would be if its people had used the API: its pts are dense, its last message is its last. */
async function makeChat(tx: Transaction, ids: Ids, { name, people, messages }: DemoChat): Promise<void> {
  const idOf = (nick: Nick) => ids.get(nick) ?? 0n;
  const members = people.map(idOf);
  const [creator_id = 0n] = members;
  const pair = [...members].sort((one, other) => Number(one - other)).join(':');
  const begin = (messages[0]?.created_at.getTime() ?? now) - HOUR_MS;
  const times = { created_at: new Date(begin), updated_at: new Date(begin) };
  const kind =
    name === undefined ? ({ type: 'private', private_key: pair } as const) : ({ type: 'group', name } as const);
  const { id: chat_id } = await tx.chat.create({
    data: {
      ...{ ...kind, ...times, creator_id, last_pts: BigInt(messages.length) + 1n },
      last_activity_at: messages.at(-1)?.created_at ?? times.created_at,
    },
  });
  await tx.chatEvent.create({
    data: {
      ...{ chat_id, pts: 1n, type: 'chat.created', actor_id: creator_id, created_at: times.created_at },
      data: { participant_ids: members.map(Number) },
    },
  });
  const rows = await tx.message.createManyAndReturn({
    data: messages.map(({ author, contents, created_at }, index) => {
      const message = { contents, created_at, updated_at: created_at };
      return { ...message, chat_id, author_id: idOf(author), pts: BigInt(index) + 2n };
    }),
    select: { id: true, author_id: true },
  });
  rows.sort((one, other) => Number(one.id - other.id));
  await tx.chatParticipant.createMany({
    data: members.map((user_id, index) => {
      const role = name !== undefined && index === 0 ? 'owner' : 'member';
      // They have read up to what they have written themselves.
      const last_read_message_id =
        rows.findLast(({ author_id }) => author_id === user_id)?.id ?? rows.at(-8)?.id ?? null;
      return { ...{ chat_id, user_id, role, last_read_message_id }, joined_at: times.created_at } as const;
    }),
  });
  await tx.chat.update({ where: { id: chat_id }, data: { last_message_id: rows.at(-1)?.id ?? null } });
}

/** @returns what there is in it. */
async function makeWorld(tx: Transaction): Promise<string> {
  const ids = await makePeople(tx);
  const chats = [till(), ...talks()];
  for (const chat of chats) await makeChat(tx, ids, chat);
  const messages = chats.reduce((sum, chat) => sum + chat.messages.length, 0);
  return `${ids.size} people, ${chats.length} chats, ${messages} messages`;
}

try {
  // A second world would be refused whole by the first of its names.
  const exists = (await prisma.user.count({ where: { username: firstUsername } })) > 0;
  if (exists) {
    console.log(`The demo world is there already: there is a user ${firstUsername}.`);
  } else {
    console.log(`${await prisma.$transaction(makeWorld, { timeout: TRANSACTION_TIMEOUT_MS })}.`);
    console.log(`Log in as "${firstUsername}" or "${usernameOf('ben')}" with the password "${PASSWORD}".`);
  }
  console.log(`Start the server (npm start), and open http://localhost:${process.env.PORT ?? 8000}/`);
} finally {
  await prisma.$disconnect();
  await pool.end();
  await database.close();
}
