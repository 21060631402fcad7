import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { World } from './world.js';

/** What one account or one address does to the server until it is told to stop. */
export interface Attack {
  readonly description: string;
  run(world: World, isOver: () => boolean): Promise<void>;
}

/** Another address of this machine than that of everybody else. */
const ATTACKING_ADDRESS = '127.0.0.2';
const TURN_MS = 20;

function open({ url }: World): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: ATTACKING_ADDRESS });
  // What becomes of a connection is the server's affair.
  return socket.on('error', () => undefined);
}

function request(method: string, path: string, token?: string, body = ''): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: x',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Keeps so many connections on each of which the request is asked again and again and no answer is read. */
function neverReading(count: number, make: (world: World) => string): Attack['run'] {
  return async (world, isOver) => {
    const text = make(world).repeat(64);
    const sockets: Socket[] = [];
    while (!isOver()) {
      while (sockets.length < count) {
        const socket = open(world);
        socket.pause();
        sockets.push(socket);
      }
      for (const [index, socket] of sockets.entries()) {
        if (socket.destroyed) sockets.splice(index, 1);
        else if (socket.writableLength < 256 * 1024) socket.write(text);
      }
      await sleep(TURN_MS);
    }
  };
}

/** Asks over so many connections, reads each answer, and asks again. */
function asking(count: number, make: (world: World) => string): Attack['run'] {
  return async (world, isOver) => {
    const text = make(world);
    const loop = async () => {
      while (!isOver()) {
        const socket = open(world);
        const ended = new Promise((resolve) => socket.once('close', resolve)).then(() => false);
        let isAnswered = true;
        while (isAnswered && !isOver()) {
          socket.write(text);
          const answered = once(socket, 'data').then(
            () => true,
            () => false,
          );
          isAnswered = await Promise.race([answered, ended, sleep(5000, false)]);
        }
        socket.destroy();
      }
    };
    await Promise.all(Array.from({ length: count }, loop));
  };
}

/** Keeps so many sockets open, each of which sends the frame whenever it is answered. */
function framing(
  count: number,
  make: (world: World) => string,
  { authenticated = true, reads = true }: { authenticated?: boolean; reads?: boolean } = {},
): Attack['run'] {
  return async (world, isOver) => {
    const frame = make(world);
    const loop = async () => {
      while (!isOver()) {
        const headers = authenticated ? { authorization: `Bearer ${world.attacker.token}` } : {};
        const socket = new WebSocket(`${world.url.replace('http', 'ws')}/ws`, 'messenger.v1', {
          headers,
          localAddress: ATTACKING_ADDRESS,
        });
        const ended = new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
        socket.on('open', () => {
          socket.send(frame);
          if (reads)
            socket.on('message', () => {
              socket.send(frame);
            });
          else {
            for (let more = 0; more < 20; more++) socket.send(frame);
            socket.pause();
          }
        });
        while (!isOver() && !(await Promise.race([ended.then(() => true), sleep(500, false)])));
        socket.terminate();
        await sleep(TURN_MS);
      }
    };
    await Promise.all(Array.from({ length: count }, loop));
  };
}

/** Ids that the attacker has made up. */
function unknownChats(count: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [1_000_000 + index, 1])));
}

const DEEP = '['.repeat(1024 * 1024);

export const ATTACKS: Readonly<Record<string, Attack>> = {
  'unread-pages': {
    description: '60 connections ask for pages of 830 kB and never read',
    run: neverReading(60, ({ chatId, attacker }) =>
      request('GET', `/chat/${chatId}/messages?limit=100`, attacker.token),
    ),
  },
  'unread-pages-many': {
    description: '600 connections ask for pages of 830 kB and never read',
    run: neverReading(600, ({ chatId, attacker }) =>
      request('GET', `/chat/${chatId}/messages?limit=100`, attacker.token),
    ),
  },
  'unread-document': {
    description: '500 connections without a token ask for /openapi.json and never read',
    run: neverReading(500, () => request('GET', '/openapi.json')),
  },
  documents: {
    description: '200 connections without a token ask for each form of the documentation',
    run: asking(200, () =>
      ['/docs/yaml', '/docs/json', '/openapi.json', '/docs/']
        .map((path, index) => request('GET', path).replace('Host: x', `Host: x${index}`))
        .join(''),
    ),
  },
  pipelines: {
    description:
      '500 connections without a token send 2,000 requests each in advance, and come back when they are closed',
    run: neverReading(500, () => 'GET /x HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(32)),
  },
  'unread-sockets': {
    description: '100 sockets ask for syncs and never read',
    run: framing(100, () => `{"type":"sync","epoch":null,"chats":{}}`, { reads: false }),
  },
  'deep-bodies': {
    description: '16 connections without a token post a megabyte of [ to /login',
    run: asking(16, () => request('POST', '/login', undefined, DEEP)),
  },
  'deep-bodies-small': {
    description: '64 connections without a token post 30 kB of [ to /login',
    run: asking(64, () => request('POST', '/login', undefined, DEEP.slice(0, 30_000))),
  },
  'deep-frames': {
    description: '100 sockets send frames of 250 kB of [',
    run: framing(100, () => DEEP.slice(0, 250_000)),
  },
  syncs: {
    description: '100 sockets of one user sync with 10,000 made-up ids in a loop',
    run: framing(100, () => `{"type":"sync","epoch":null,"chats":${unknownChats(10_000)}}`),
  },
  'syncs-by-rest': {
    description: '50 connections of one user post 10,000 made-up ids to /sync in a loop',
    run: asking(50, ({ attacker }) =>
      request('POST', '/sync', attacker.token, `{"epoch":null,"chats":${unknownChats(10_000)}}`),
    ),
  },
  'large-groups': {
    description: 'one user opens groups of 9,990, 8 at once',
    run: asking(8, ({ attacker, crowd }) =>
      request('POST', '/chat/group/create', attacker.token, JSON.stringify({ with_ids: crowd, name: 'everybody' })),
    ),
  },
  pages: {
    description: 'one user reads pages of 830 kB over 200 connections',
    run: asking(200, ({ chatId, attacker }) => request('GET', `/chat/${chatId}/messages?limit=100`, attacker.token)),
  },
  sends: {
    description: 'one user sends over 200 connections',
    run: asking(200, ({ chatId, attacker }) =>
      request('POST', `/chat/${chatId}/message`, attacker.token, JSON.stringify({ contents: 'hello' })),
    ),
  },
  edits: {
    description: 'one user tries to edit over 200 connections',
    run: asking(200, ({ attacker }) =>
      request('PATCH', '/message/1', attacker.token, JSON.stringify({ contents: String(Math.random()) })),
    ),
  },
  reads: {
    description: 'one user asks for all that there is to read over 300 connections',
    run: asking(300, ({ chatId, attacker }) =>
      ['/user/me', '/user/chats', `/chat/${chatId}`, `/chat/${chatId}/participants`]
        .map((path) => request('GET', path, attacker.token))
        .join(''),
    ),
  },
  refusals: {
    description: '300 connections without a token ask for what is not theirs, as fast as they can',
    run: asking(300, () => request('GET', '/user/me', 'not a token')),
  },
  registrations: {
    description: '300 connections of one address register',
    run: asking(300, () =>
      request(
        'POST',
        '/register',
        undefined,
        JSON.stringify({ username: 'ada', email: 'x@example.com', password: 'a new password' }),
      ),
    ),
  },
  'silent-sockets': {
    description: 'one address opens 3,000 sockets and authenticates on none',
    run: framing(3000, () => '', { authenticated: false }),
  },
  'silent-connections': {
    description: 'one address opens 5,000 connections and sends half a request on each',
    run: async (world, isOver) => {
      const sockets = Array.from({ length: 5000 }, () => open(world));
      for (const socket of sockets) socket.write('POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 30000\r\n');
      while (!isOver()) await sleep(TURN_MS);
      for (const socket of sockets) socket.destroy();
    },
  },
  logins: {
    description: 'one address tries 300 wrong passwords at once, again and again',
    run: asking(300, () =>
      request('POST', '/login', undefined, JSON.stringify({ usernameOrEmail: 'trudy', password: 'not the password' })),
    ),
  },
};
