import type { Account } from '../test/client/rest.js';
import type { Cast } from './data/cast.js';
import { PASSWORD } from './data/world.js';

/** A request as it goes over the wire. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
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

export function get(caller: Account, path: string): Request {
  return { method: 'GET', path, headers: headersOf(caller) };
}

export function send(
  caller: Account,
  chatId: number,
  contents = 'Shall we meet at seven, where we met last time?',
  more: object = {},
): Request {
  return post(`/chat/${chatId}/message`, { contents, ...more }, headersOf(caller));
}

export function react(caller: Account, messageId: number, emoji: string, method: 'PUT' | 'DELETE' = 'PUT'): Request {
  return { method, path: `/message/${messageId}/reactions/${encodeURIComponent(emoji)}`, headers: headersOf(caller) };
}

/** Answered without a list of everybody. */
export function addMember(caller: Account, chatId: number, userId: number): Request {
  return post(`/chat/${chatId}/participants?participants=0`, { user_ids: [userId] }, headersOf(caller));
}

export function removeMember(caller: Account, chatId: number, userId: number): Request {
  return { method: 'DELETE', path: `/chat/${chatId}/participants/${userId}`, headers: headersOf(caller) };
}

export function login({ username }: Account): Request {
  return post('/login', { usernameOrEmail: username, password: PASSWORD });
}

function register(): Request {
  const username = `new-${crypto.randomUUID()}`;
  return post('/register', { username, email: `${username}@example.com`, password: PASSWORD });
}

function post(path: string, body: object, headers: Record<string, string> = {}): Request {
  return {
    method: 'POST',
    path,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** The baseline checks no token: it is told who asks. Both get both, so that both have the same to read. */
function headersOf({ id, token }: Account): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'x-user-id': String(id) };
}

/** The dearest of them all. */
export function listOfThousand({ collectors }: Cast): Request {
  return get(collectors.at(-1)!, '/user/chats');
}

/** A send of each regular user to the own chat. */
export function sendToEach({ regulars, chats }: Cast): Request[] {
  return regulars.map((caller, index) => send(caller, chats[index]!));
}

const ofChats = (path: string) => {
  return ({ regulars, chats }: Cast) => regulars.map((caller, index) => get(caller, `/chat/${chats[index]!}${path}`));
};
const ofUsers = (path: string) => (cast: Cast) => cast.regulars.map((caller) => get(caller, path));
const sendToHotChat = ({ hotAuthors, hotChat }: Cast) => hotAuthors.map((caller) => send(caller, hotChat));

export const HOT_REQUESTS: readonly HotRequest[] = [
  { name: 'me', connections: 16, original: 700, requests: ofUsers('/user/me') },
  { name: 'chat list, of 20', connections: 16, original: 186, requests: ofUsers('/user/chats') },
  { name: 'chat list, of 1000', connections: 16, requests: (cast) => [listOfThousand(cast)] },
  { name: 'chat', connections: 16, original: 325, requests: ofChats('') },
  { name: 'message page', connections: 16, original: 133, requests: ofChats('/messages') },
  { name: 'send, 100 chats', connections: 16, original: 305, requests: sendToEach },
  { name: 'send, 100 chats, 64 connections', connections: 64, requests: sendToEach },
  { name: 'send, one chat', connections: 16, requests: sendToHotChat },
  { name: 'login', connections: 16, original: 6, minSeconds: 0.7, requests: ({ regulars }) => regulars.map(login) },
  { name: 'register', connections: 16, minSeconds: 0.7, requests: () => register },
];
