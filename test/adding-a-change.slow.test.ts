// Follows docs/adding-a-change.md in a copy of the project, and uses what comes of it.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startEmbeddedPostgres } from '../src/database/embedded/postgres.js';
import { check } from './faults/checker/checker.js';
import { readDatabase } from './faults/checker/read-database.js';
import { Device, type DeviceKind } from './client/device.js';
import { EventBlocks } from './client/event-blocks.js';
import { Servers } from './client/servers.js';
import { Random } from './faults/random.js';
import { postgresUrl } from './support/database.js';
import { Server, emptyFolder, environment, registerOn } from './support/server.js';
import { actOnBoth, startVersions } from './support/two-versions.js';

const ROOT = join(import.meta.dirname, '..');
const PAGE = 'docs/adding-a-change.md';
/** What the server and the generators are made of. */
const COPIED = ['src', 'prisma', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'prisma.config.ts'];

const PROGRAM_TIMEOUT_MS = 100_000;

const run = promisify(execFile);

interface Block {
  readonly language: string;
  readonly file: string;
  readonly text: string;
}

/** The code of the page, with the file that it is for. */
async function readBlocks(): Promise<Block[]> {
  const page = await readFile(join(ROOT, PAGE), 'utf8');
  return [...page.matchAll(/^```(\w+) (\S+)\n([\s\S]*?)^```$/gm)].map(([, language = '', file = '', text = '']) => {
    return { language, file, text };
  });
}

/** Puts the lines with a plus behind those before them, which are in the file once. */
function insertInto(old: string, { file, text }: Block): string {
  const lines = text.trimEnd().split('\n');
  const context = lines.filter((line) => line.startsWith(' ')).map((line) => `${line.slice(1)}\n`);
  const added = lines.filter((line) => line.startsWith('+')).map((line) => `${line.slice(1)}\n`);
  const [before, after, ...more] = old.split(context.join(''));
  if (after === undefined || more.length > 0) throw new Error(`${file} does not have this once:\n${context.join('')}`);
  return [before, ...context, ...added, after].join('');
}

/** A copy of the project after somebody has followed the page. */
class Copy {
  private constructor(
    readonly folder: string,
    readonly blocks: readonly Block[],
  ) {}

  static async make(): Promise<Copy> {
    const folder = await mkdtemp(join(tmpdir(), 'messenger-test-adding-'));
    for (const name of COPIED) await cp(join(ROOT, name), join(folder, name), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const copy = new Copy(folder, await readBlocks());
    for (const block of copy.blocks) await copy.#follow(block);
    return copy;
  }

  async #follow(block: Block): Promise<void> {
    const path = join(this.folder, block.file);
    await mkdir(dirname(path), { recursive: true });
    const text = block.language === 'diff' ? insertInto(await readFile(path, 'utf8'), block) : block.text;
    await writeFile(path, text);
  }

  /** Runs a program of node_modules. */
  async node(...args: string[]): Promise<void> {
    const environment = { PATH: process.env.PATH };
    const options = { cwd: this.folder, env: environment, timeout: PROGRAM_TIMEOUT_MS };
    await run(process.execPath, args, options).catch((error: unknown) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`node ${args.join(' ')} failed:\n${stdout}${stderr}`);
    });
  }

  async document(name: string): Promise<Document> {
    return JSON.parse(await readFile(join(this.folder, name), 'utf8')) as Document;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

interface Document {
  readonly paths?: Record<string, Record<string, unknown>>;
  readonly channels?: Record<string, { messages: Record<string, unknown> }>;
  readonly components: { readonly schemas: Record<string, { properties?: object } & Record<string, unknown>> };
}

let copy: Copy;

beforeAll(async () => {
  copy = await Copy.make();
  await copy.node('node_modules/prisma/build/index.js', 'generate');
  await Promise.all([
    copy.node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'),
    copy.node('--import', 'tsx', 'scripts/openapi.ts').then(() => copy.node('--import', 'tsx', 'scripts/asyncapi.ts')),
  ]);
});

afterAll(() => copy.remove());

/** The server of the copy, with two people in a chat. */
async function start() {
  const settings = await environment();
  const server = await Server.start(settings, await emptyFolder(), join(copy.folder, 'dist/main.js'));
  const [ada, bob] = [await registerOn(server), await registerOn(server)];
  const opened = await server.post('/chat/group/create', { with_ids: [bob.id], name: 'Engines' }, ada.token);
  const url = `/chat/${opened.body.id as number}`;
  const send = async (contents: string, more: object = {}) => {
    const { status, body } = await server.post(`${url}/message`, { contents, ...more }, ada.token);
    expect(status).toBe(200);
    return body as { id: number; pts: number };
  };
  return { settings, server, ada, bob, chatId: opened.body.id as number, url, send };
}

interface Event {
  readonly type: string;
}

/** The next event of that type on a new socket, and on a new stream. */
async function watch(server: Server, token: string, type: string): Promise<Record<DeviceKind, Promise<Event>>> {
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, 'messenger.v1', { headers });
  const onSocket = (wanted: string) =>
    new Promise<Event>((resolve) => {
      socket.on('message', (text: Buffer) => {
        const event = JSON.parse(text.toString()) as Event;
        if (event.type === wanted) resolve(event);
      });
    });
  const [ready, onceOnSocket] = [onSocket('ready'), onSocket(type)];
  const response = await fetch(`${server.url}/events`, { headers });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  onTestFinished(async () => {
    socket.terminate();
    await reader.cancel();
  });
  const onceOnStream = async (): Promise<Event> => {
    const blocks = new EventBlocks();
    for (;;) {
      const { value = '' } = await reader.read();
      const events = blocks.take(value).flatMap(({ data }) => (data ? [JSON.parse(data) as Event] : []));
      const found = events.find((event) => event.type === type);
      if (found) return found;
    }
  };
  const events = { socket: onceOnSocket, stream: onceOnStream() };
  await ready;
  return events;
}

it('touches a folder for each, the list of features, and the tables', () => {
  const filesOf = (folder: string) => {
    return copy.blocks.map(({ file }) => file).filter((file) => file.startsWith(`src/features/${folder}/`));
  };
  const own = [...filesOf('bookmarks'), ...filesOf('priority')];
  const others = copy.blocks.map(({ file }) => file).filter((file) => !own.includes(file));
  expect(filesOf('priority')).toEqual(['src/features/priority/index.ts']);
  expect([...new Set(others)].filter((file) => !file.startsWith('prisma/migrations/')).sort()).toEqual([
    'prisma/schema.prisma',
    'src/features/index.ts',
  ]);
});

it('has both in both documents', async () => {
  const openapi = await copy.document('openapi.json');
  expect(openapi.paths?.['/chat/{chat_id}/bookmarks']).toHaveProperty('get');
  expect(openapi.paths?.['/chat/{chat_id}/bookmarks/{message_id}']).toHaveProperty('put');
  const asyncapi = await copy.document('asyncapi.json');
  expect(asyncapi.channels?.socket?.messages).toHaveProperty('serverMessageBookmarked');
  expect(asyncapi.channels?.stream?.messages).toHaveProperty('streamMessageBookmarked');
  for (const { schemas } of [openapi.components, asyncapi.components]) {
    for (const name of ['Message', 'SentMessage']) expect(schemas[name]?.properties).toHaveProperty('priority');
    expect(JSON.stringify(schemas.KnownChange)).toContain('MessageBookmarked');
  }
  expect(openapi.components.schemas.SendMessage?.properties).toHaveProperty('priority');
});

it('bookmarks a message: REST, socket, stream and sync', async () => {
  const { server, ada, bob, url, chatId, send } = await start();
  const { id, pts } = await send('meet at seven');
  const events = await watch(server, bob.token, 'message.bookmarked');
  const bookmarked = { type: 'message.bookmarked', pts: pts + 1, data: { message_id: id, actor_id: ada.id } };
  expect(await server.put(`${url}/bookmarks/${id}`, ada.token)).toEqual({ status: 200, body: { success: true } });
  expect(await events.socket).toEqual({ ...bookmarked, chat_id: chatId });
  expect(await events.stream).toEqual({ ...bookmarked, chat_id: chatId });
  // The second time there is nothing to change.
  expect(await server.put(`${url}/bookmarks/${id}`, bob.token)).toMatchObject({ status: 200 });
  expect(await server.get(`${url}/bookmarks`, bob.token)).toEqual({ status: 200, body: { message_ids: [id] } });
  const { body: synced } = await server.post('/sync', { epoch: null, chats: { [chatId]: pts } }, bob.token);
  expect(synced).toMatchObject({ chats: [{ chat_id: chatId, pts: pts + 1, changes: [bookmarked] }] });

  const eve = await registerOn(server);
  expect(await server.put(`${url}/bookmarks/${id}`, eve.token)).toMatchObject({ status: 404 });
  expect(await server.get(`${url}/bookmarks`, eve.token)).toMatchObject({ status: 404 });
  expect(await server.put(`${url}/bookmarks/${id + 1}`, ada.token)).toMatchObject({ status: 404 });
});

it('shows the field wherever a message is', async () => {
  const { server, ada, bob, url, chatId, send } = await start();
  const events = await watch(server, bob.token, 'message.created');
  const urgent = { contents: 'the boiler is leaking', priority: 3 };
  const { id, pts } = await send(urgent.contents, { priority: 3 });
  for (const event of [await events.socket, await events.stream]) expect(event).toMatchObject({ pts, data: urgent });
  expect((await server.get(`${url}/messages`, bob.token)).body).toMatchObject({ messages: [urgent] });
  expect((await server.get(url, bob.token)).body).toMatchObject({ last_message: urgent });
  expect((await server.get('/user/chats', bob.token)).body).toMatchObject({ chats: [{ last_message: urgent }] });
  const edited = await server.patch(`/message/${id}`, { contents: 'it is mended' }, ada.token);
  expect(edited.body).toMatchObject({ contents: 'it is mended', priority: 3 });
  const { body: synced } = await server.post('/sync', { epoch: null, chats: { [chatId]: 1 } }, bob.token);
  expect(synced).toMatchObject({ chats: [{ changes: [{ type: 'message.state', data: { priority: 3 } }] }] });
  expect(await send('never mind')).not.toHaveProperty('priority');
  expect((await server.post(`${url}/message`, { contents: 'x', priority: 4 }, ada.token)).status).toBe(422);
});

it('passes the checker of the fault harness, whose clients have never heard of bookmarks', async () => {
  const { settings, server, ada, bob, url, send } = await start();
  const random = new Random(1);
  const servers = new Servers([server.url], random);
  const devices = (['socket', 'stream'] as const).map((kind) => new Device(kind, kind, bob, servers, random));
  const running = devices.map((device) => device.run());
  await expect.poll(() => devices.every(({ session }) => session)).toBe(true);
  let last = 0;
  for (let n = 0; n < 5; n++) {
    const { id } = await send(`${crypto.randomUUID()} hello`);
    await server.put(`${url}/bookmarks/${id}`, ada.token);
    last = (await send(`${crypto.randomUUID()} again`)).pts;
  }
  await expect.poll(() => devices.map(({ replica }) => [...replica.chats.values()][0]?.pts)).toEqual([last, last]);
  for (const device of devices) device.stop();
  await Promise.all(running);
  await server.kill('SIGTERM');

  const embedded = settings.DATA_DIR ? await startEmbeddedPostgres(join(settings.DATA_DIR, 'postgres')) : undefined;
  const found = await readDatabase(settings.DATABASE_URL ?? embedded!.url, 'null::int8');
  await embedded?.close();
  const histories = devices.map(({ name, owner, journal, replica: { chats, mePts } }) => {
    const { entries, frozen, surprises } = journal;
    return { name, userId: owner.id, entries, frozen, surprises, chats, mePts };
  });
  const nothing = {
    sends: [],
    edits: [],
    deletions: [],
    readings: [],
    settings: [],
    reactions: [],
    pins: [],
    votes: [],
    pollChanges: [],
    scheduled: [],
    sanctions: [],
    deposits: [],
    fleeting: new Set<number>(),
    surprises: [],
    fresh: new Map(),
  };
  const rest = { frozenNodes: [[]], databaseDown: [], endedAt: Date.now() };
  const { violations } = check({ ...nothing, devices: histories, ...rest }, found);
  // It knows of no send: that a message is there is all that it may say.
  expect(violations.filter((text) => !text.includes('nobody has sent it'))).toEqual([]);
  expect(violations).toHaveLength(10);
  for (const { entries } of histories) {
    const bookmarks = entries.filter((entry) => entry.kind === 'received' && entry.type === 'message.bookmarked');
    expect(bookmarks).toHaveLength(5);
    expect(entries.filter(({ kind }) => kind === 'synced').length).toBeLessThan(5);
  }
});

it.skipIf(!postgresUrl || !process.env.TEST_REDIS_URL)(
  'runs beside the version before it, which has never heard of bookmarks (needs TEST_DATABASE_URL and TEST_REDIS_URL)',
  async () => {
    const versions = await startVersions(join(ROOT, 'src/main.ts'), join(copy.folder, 'dist/main.js'));
    await actOnBoth(versions, async (server, chat, messageId, token) => {
      expect(await server.put(`${chat}/bookmarks/${messageId}`, token)).toMatchObject({ status: 200 });
    });
  },
);
