// `npm run demo` fills the database with a little world to look at: twenty people, their private chats and groups, and
// some thousand messages of the last month. It prints a login. A second run says that the world is there already.
import { randomBytes } from 'node:crypto';
import { faker } from '@faker-js/faker';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient, type Prisma } from '../src/database/generated/client.js';
import { hashPassword } from '../src/features/auth/passwords.js';
import { openToolDatabase } from './tool-database.js';

const PEOPLE = 20;
const PRIVATE_CHATS = 35;
const GROUPS = 8;
const DAYS = 30;
const DAY_MS = 86_400_000;
const TRANSACTION_TIMEOUT_MS = 60_000;
/** The same world on every machine. */
const SEED = 1973;

faker.seed(SEED);
const now = Date.now();
faker.setDefaultRefDate(new Date(now));

const names = faker.helpers.uniqueArray(() => faker.person.firstName().replace(/[^A-Za-z]/g, ''), PEOPLE);
const usernames = names.map((name) => `demo_${name.toLowerCase()}`);
const [firstUsername = ''] = usernames;

/** Of all its people, and another for every world: it may stand on a server that others can reach. */
const PASSWORD = randomBytes(9).toString('base64url');

interface DemoMessage {
  readonly author_id: bigint;
  readonly contents: string;
  readonly created_at: Date;
}

/** A talk: bursts of messages, with silence between them. */
function converse(participantIds: bigint[], begin: Date): DemoMessage[] {
  const messages: DemoMessage[] = [];
  const count = faker.number.int({ min: 15, max: 90 });
  const beginnings = faker.date.betweens({ from: begin, to: new Date(now), count: Math.ceil(count / 8) });
  for (const beginning of beginnings) {
    let time = beginning.getTime();
    let author_id = faker.helpers.arrayElement(participantIds);
    for (let index = 0; index < 8 && time < now; index++) {
      messages.push({ author_id, contents: sentence(), created_at: new Date(time) });
      time += faker.number.int({ min: 4_000, max: 180_000 });
      if (faker.datatype.boolean(0.7)) author_id = faker.helpers.arrayElement(participantIds);
    }
  }
  return messages.sort((a, b) => a.created_at.getTime() - b.created_at.getTime());
}

function sentence(): string {
  return faker.helpers.weightedArrayElement([
    { weight: 6, value: faker.hacker.phrase() },
    { weight: 4, value: `${faker.company.catchPhrase()}?` },
    { weight: 3, value: faker.lorem.sentence({ min: 3, max: 12 }) },
    { weight: 2, value: `Let's meet at ${faker.location.street()}, ${faker.date.weekday()}?` },
    { weight: 2, value: faker.food.description() },
    { weight: 2, value: `${faker.word.interjection()}!` },
    { weight: 1, value: faker.internet.emoji() },
  ]);
}

const database = await openToolDatabase();
const pool = new pg.Pool({ connectionString: database.url, max: 1 });
const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { schema: database.schema }) });

type Transaction = Prisma.TransactionClient;

async function makePeople(tx: Transaction): Promise<bigint[]> {
  const password = await hashPassword(PASSWORD, 'demo');
  const people = usernames.map((username) => {
    const created_at = faker.date.between({ from: now - 3 * DAYS * DAY_MS, to: now - DAYS * DAY_MS });
    const email = `${username}@example.com`;
    const bio = faker.helpers.maybe(() => faker.person.bio().slice(0, 64)) ?? null;
    return { username, email, password, bio, created_at, updated_at: created_at, email_confirmed: true };
  });
  const rows = await tx.user.createManyAndReturn({ data: people, select: { id: true } });
  return rows.map(({ id }) => id).sort((a, b) => Number(a - b));
}

/** A chat as it would be if its people had used the API: its pts are dense, its last message is its last. */
async function makeChat(
  tx: Transaction,
  kind: { private_key: string } | { name: string },
  participantIds: bigint[],
): Promise<number> {
  const [creator_id = 0n] = participantIds;
  const created_at = faker.date.between({ from: now - DAYS * DAY_MS, to: now - DAY_MS });
  const messages = converse(participantIds, created_at);
  const isGroup = 'name' in kind;
  const last_activity_at = messages.at(-1)?.created_at ?? created_at;
  const type = isGroup ? ('group' as const) : ('private' as const);
  const times = { created_at, updated_at: created_at, last_activity_at };
  const { id: chat_id } = await tx.chat.create({
    data: { ...kind, ...times, type, creator_id, last_pts: BigInt(messages.length) + 1n },
  });
  await tx.chatParticipant.createMany({
    data: participantIds.map((user_id, index) => {
      return { chat_id, user_id, joined_at: created_at, role: isGroup && index === 0 ? 'owner' : 'member' } as const;
    }),
  });
  await tx.chatEvent.create({
    data: {
      chat_id,
      pts: 1n,
      type: 'chat.created',
      actor_id: creator_id,
      created_at,
      data: { participant_ids: participantIds.map(Number) },
    },
  });
  const rows = await tx.message.createManyAndReturn({
    data: messages.map((message, index) => {
      return { ...message, updated_at: message.created_at, chat_id, pts: BigInt(index) + 2n };
    }),
    select: { id: true },
  });
  const lastId = rows.reduce<bigint | null>((last, { id }) => (last === null || id > last ? id : last), null);
  await tx.chat.update({ where: { id: chat_id }, data: { last_message_id: lastId } });
  return messages.length;
}

/** @returns what there is in it. */
async function makeWorld(tx: Transaction): Promise<string> {
  const people = await makePeople(tx);
  let messages = 0;
  const pairs = people.flatMap((one, index) => people.slice(index + 1).map((other) => [one, other] as const));
  const known = faker.helpers.arrayElements(pairs, PRIVATE_CHATS);
  for (const [one, other] of known) {
    const participants = faker.helpers.shuffle([one, other]);
    messages += await makeChat(tx, { private_key: `${one}:${other}` }, participants);
  }
  for (let index = 0; index < GROUPS; index++) {
    const participants = faker.helpers.arrayElements(people, { min: 3, max: 9 });
    messages += await makeChat(tx, { name: faker.company.buzzNoun() }, participants);
  }
  return `${people.length} people, ${known.length} private chats, ${GROUPS} groups, ${messages} messages`;
}

try {
  // The same seed gives the same names, so that a second world would be refused whole by the first of them.
  const exists = (await prisma.user.count({ where: { username: firstUsername } })) > 0;
  if (exists) {
    console.log(`The demo world is there already: there is a user ${firstUsername}.`);
  } else {
    console.log(`${await prisma.$transaction(makeWorld, { timeout: TRANSACTION_TIMEOUT_MS })}.`);
    console.log(`Log in as "${firstUsername}" with the password "${PASSWORD}".`);
  }
} finally {
  await prisma.$disconnect();
  await pool.end();
  await database.close();
}
