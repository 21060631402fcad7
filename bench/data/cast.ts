import pLimit from 'p-limit';
import { PASSWORD, WORLD, usernameOf } from './world.js';

/** Somebody who is logged in to the server that is measured. */
export interface Caller {
  readonly id: number;
  readonly username: string;
  readonly token: string;
}

/** The users who ask in the benchmark, and what they ask for. */
export interface Cast {
  /** Each in twenty chats. */
  readonly regulars: readonly Caller[];
  /** The chats that the regulars made, in the same order. */
  readonly chats: readonly number[];
  /** In ever more chats, the last of them in a thousand. */
  readonly collectors: readonly Caller[];
  readonly hotChat: number;
  readonly hotAuthors: readonly Caller[];
}

/** The cast of a server over a filled database; each other server over such a database knows it too. */
export async function logInCast(serverUrl: string): Promise<Cast> {
  const ids = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
  const enter = (userIds: readonly number[]) => Promise.all(userIds.map((id) => logIn(serverUrl, id)));
  const regulars = await enter(ids(1, WORLD.regulars));
  const hotAuthors = await enter(ids(WORLD.firstAuthor, WORLD.authors));
  const collectors = await enter(WORLD.collectors.map(({ userId }) => userId));
  return { regulars, chats: regulars.map(({ id }) => id), collectors, hotChat: WORLD.hotChat, hotAuthors };
}

async function logIn(serverUrl: string, id: number): Promise<Caller> {
  const username = usernameOf(id);
  const { access_token: token } = await post<Token>(serverUrl, '/login', {
    usernameOrEmail: username,
    password: PASSWORD,
  });
  return { id, username, token };
}

const MESSAGES_OF_A_CHAT = 60;
const PEER_CONCURRENCY = 16;

/** Makes the same cast in a server of which nothing is known but the contract. */
export async function makeCast(serverUrl: string): Promise<Cast> {
  const limit = pLimit(PEER_CONCURRENCY);
  const all = <T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>) =>
    Promise.all(items.map((item, index) => limit(() => work(item, index))));
  const { regulars: count, chatsOfRegular, authors } = WORLD;

  const people = await all(Array.from({ length: count + authors + 1 }), () => register(serverUrl));
  const regulars = people.slice(0, count);
  const hotAuthors = people.slice(count, count + authors);
  const collector = people.slice(-1)[0]!;

  const openGroup = async (caller: Caller, others: readonly Caller[]) => {
    const body = { with_ids: others.map(({ id }) => id), name: 'a group' };
    return (await post<{ id: number }>(serverUrl, '/chat/group/create', body, caller.token)).id;
  };
  const chats = await all(regulars, (caller, index) => {
    const others = Array.from({ length: chatsOfRegular - 1 }, (_, k) => regulars[(index + k + 1) % count]!);
    return openGroup(caller, others);
  });
  const [hotAuthor, ...otherAuthors] = hotAuthors as [Caller, ...Caller[]];
  const hotChat = await openGroup(hotAuthor, otherAuthors);
  const collected = await all(Array.from({ length: WORLD.collectors[2].chats }), () =>
    openGroup(collector, [hotAuthor]),
  );
  const messages = [
    ...regulars.flatMap((caller, index) => {
      return Array.from({ length: MESSAGES_OF_A_CHAT }, () => ({ caller, chatId: chats[index] ?? 0 }));
    }),
    ...collected.map((chatId) => ({ caller: collector, chatId })),
  ];
  await all(messages, ({ caller, chatId }) =>
    post(serverUrl, `/chat/${chatId}/message`, { contents: 'a message of the usual length' }, caller.token),
  );
  return { regulars, chats, collectors: [collector], hotChat, hotAuthors };
}

export async function register(serverUrl: string): Promise<Caller> {
  const username = `bench-${crypto.randomUUID()}`;
  const account = { username, email: `${username}@example.com`, password: PASSWORD };
  const { access_token: token } = await post<Token>(serverUrl, '/register', account);
  const response = await fetch(`${serverUrl}/user/me`, { headers: { authorization: `Bearer ${token}` } });
  const { id } = (await response.json()) as { id: number };
  return { id, username, token };
}

interface Token {
  readonly access_token: string;
}

export async function post<T>(serverUrl: string, path: string, body: object, token?: string): Promise<T> {
  const response = await fetch(serverUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`POST ${path} was answered with ${response.status}: ${JSON.stringify(answer)}`);
  return answer as T;
}
