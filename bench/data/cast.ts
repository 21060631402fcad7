import jwt from '@fastify/jwt';
import Fastify from 'fastify';
import pLimit from 'p-limit';
import { ask, openGroup, register, type Account } from '../../test/client/rest.js';
import { SECRET } from '../servers/servers.js';
import { PASSWORD, WORLD } from './world.js';

/** The users who ask in the benchmark, and what they ask for. */
export interface Cast {
  /** Each in twenty chats. */
  readonly regulars: readonly Account[];
  /** The chats that the regulars made, in the same order. */
  readonly chats: readonly number[];
  /** In ever more chats, the last of them in a thousand. */
  readonly collectors: readonly Account[];
  readonly hotChat: number;
  readonly hotAuthors: readonly Account[];
}

const jwtApp = Fastify();
await jwtApp.register(jwt, { secret: SECRET, sign: { algorithm: 'HS256', expiresIn: '1d' } });

/** Users of a filled database, the first and those after it: logging thousands in would take minutes. */
export function signIn(first: number, count: number): Account[] {
  return Array.from({ length: count }, (_, index) => {
    const id = first + index;
    return { id, username: `user-${id}`, token: jwtApp.jwt.sign({ sub: String(id) }) };
  });
}

/** The cast of every server over a filled database. */
export const CAST: Cast = {
  regulars: signIn(1, WORLD.regulars),
  chats: Array.from({ length: WORLD.regulars }, (_, index) => index + 1),
  collectors: WORLD.collectors.flatMap(({ userId }) => signIn(userId, 1)),
  hotChat: WORLD.hotChat,
  hotAuthors: signIn(WORLD.firstAuthor, WORLD.authors),
};

const MESSAGES_OF_A_CHAT = 60;
const atOnce = pLimit(16);

/** Makes the same cast in a server of which nothing is known but the contract. */
export async function makeCast(url: string): Promise<Cast> {
  const times = <T>(count: number, work: (index: number) => Promise<T>) => {
    return Promise.all(Array.from({ length: count }, (_, index) => atOnce(() => work(index))));
  };
  const regulars = await times(WORLD.regulars, () => registerNew(url));
  const hotAuthors = await times(WORLD.authors, () => registerNew(url));
  const collector = await registerNew(url);
  const others = (index: number) => {
    return Array.from({ length: WORLD.chatsOfRegular - 1 }, (_, k) => regulars[(index + k + 1) % regulars.length]!);
  };
  const chats = await times(regulars.length, (index) => openGroup(url, regulars[index]!, others(index)));
  const hotChat = await openGroup(url, hotAuthors[0]!, hotAuthors.slice(1));
  const collected = await times(WORLD.collectors[2].chats, () => openGroup(url, collector, hotAuthors.slice(0, 1)));
  const write = (chat: number, { token }: Account) => {
    return ask(url, `/chat/${chat}/message`, token, { contents: 'a message of the usual length' });
  };
  await times(chats.length * MESSAGES_OF_A_CHAT, (index) => {
    return write(chats[index % chats.length]!, regulars[index % chats.length]!);
  });
  await times(collected.length, (index) => write(collected[index]!, collector));
  return { regulars, chats, collectors: [collector], hotChat, hotAuthors };
}

export function registerNew(url: string): Promise<Account> {
  return register(url, `bench-${crypto.randomUUID()}`, PASSWORD);
}
