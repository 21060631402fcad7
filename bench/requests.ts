import { PASSWORD } from './data/world.js';
import type { Caller, Cast } from './data/cast.js';

/** A request as it goes over the wire. */
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** Makes the next one; where each has to be another. */
export type RequestMaker = () => Request;

/** A request that a messenger asks all the time. */
export interface HotRequest {
  readonly name: string;
  readonly connections: number;
  /** The original implementation's requests a second, where it was measured; see docs/performance.md. */
  readonly original?: number;
  /** How long it has to be measured for more than a handful of answers. */
  readonly minSeconds?: number;
  /** Either those that the connections go round, or a maker of new ones. */
  readonly requests: (cast: Cast) => Request[] | RequestMaker;
}

const CONNECTIONS = 16;
const MANY_CONNECTIONS = 64;
const CONTENTS = 'Shall we meet at seven, where we met the last time?';

export function get(caller: Caller, path: string): Request {
  return { method: 'GET', path, headers: headersOf(caller) };
}

export function send(caller: Caller, chatId: number, contents = CONTENTS): Request {
  const headers = { ...headersOf(caller), 'content-type': 'application/json' };
  return { method: 'POST', path: `/chat/${chatId}/message`, headers, body: JSON.stringify({ contents }) };
}

export function login({ username }: Caller): Request {
  return postCredentials('/login', { usernameOrEmail: username, password: PASSWORD });
}

/** The dearest of them all. */
export function listOfThousand({ collectors }: Cast): Request {
  return get(collectors.at(-1)!, '/user/chats');
}

/** The baseline checks no token: it is told who asks. Both get both, so that both have the same to read. */
function headersOf({ id, token }: Caller): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'x-user-id': String(id) };
}

function register(): Request {
  const username = `new-${crypto.randomUUID()}`;
  return postCredentials('/register', { username, email: `${username}@example.com`, password: PASSWORD });
}

function postCredentials(path: string, body: object): Request {
  return { method: 'POST', path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function sendToEach({ regulars, chats }: Cast): Request[] {
  return regulars.map((caller, index) => send(caller, chats[index] ?? 0));
}

export const HOT_REQUESTS: readonly HotRequest[] = [
  {
    name: 'me',
    connections: CONNECTIONS,
    original: 700,
    requests: ({ regulars }) => regulars.map((caller) => get(caller, '/user/me')),
  },
  {
    name: 'chat list, of 20',
    connections: CONNECTIONS,
    original: 186,
    requests: ({ regulars }) => regulars.map((caller) => get(caller, '/user/chats')),
  },
  {
    name: 'chat list, of 1000',
    connections: CONNECTIONS,
    requests: (cast) => [listOfThousand(cast)],
  },
  {
    name: 'chat',
    connections: CONNECTIONS,
    original: 325,
    requests: ({ regulars, chats }) => regulars.map((caller, index) => get(caller, `/chat/${chats[index] ?? 0}`)),
  },
  {
    name: 'message page',
    connections: CONNECTIONS,
    original: 133,
    requests: ({ regulars, chats }) =>
      regulars.map((caller, index) => get(caller, `/chat/${chats[index] ?? 0}/messages`)),
  },
  { name: 'send, 100 chats', connections: CONNECTIONS, original: 305, requests: sendToEach },
  { name: 'send, 100 chats, 64 connections', connections: MANY_CONNECTIONS, requests: sendToEach },
  {
    name: 'send, one chat',
    connections: CONNECTIONS,
    requests: ({ hotAuthors, hotChat }) => hotAuthors.map((caller) => send(caller, hotChat)),
  },
  {
    name: 'login',
    connections: CONNECTIONS,
    original: 6,
    minSeconds: 0.7,
    requests: ({ regulars }) => regulars.map(login),
  },
  { name: 'register', connections: CONNECTIONS, minSeconds: 0.7, requests: () => register },
];
