import { randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { expect } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { rememberSecrets } from './checked-log.js';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | number | undefined>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape
  readonly body: any;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';

export const PASSWORD = 'correct horse battery staple';

/** A server to ask. */
export interface Target {
  readonly app: FastifyInstance;
}

/** A server and its database, in which a test makes its users. */
export interface TestTarget extends Target {
  readonly db: Database;
}

/** A name that no other test has. */
export function uniqueName(): string {
  return `u_${randomBytes(8).toString('hex')}`;
}

/** One request, as a client with this token, or without one. */
export async function call(
  { app }: Target,
  method: Method,
  url: string,
  { token, body, headers }: { token?: string | undefined; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const options: InjectOptions = {
    method,
    url,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { payload: body as object }),
  };
  rememberSecrets({ token, body });
  const response = await app.inject(options);
  const isJson = String(response.headers['content-type']).startsWith('application/json');
  const answer: unknown = isJson ? response.json() : response.body;
  rememberSecrets(answer);
  return { status: response.statusCode, headers: response.headers, body: answer };
}

interface Message {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly contents: string;
  readonly author_id: number;
  readonly client_id?: string;
}

export interface SentMessage extends Message {
  readonly pts: number;
  readonly deduplicated?: true;
}

/** The message as it stands in lists and pages, where it has no pts. */
export function asRead(sent: SentMessage): Message {
  return Object.fromEntries(Object.entries(sent).filter(([name]) => name !== 'pts')) as unknown as Message;
}

/** A user of the test's own. */
export class Person {
  constructor(
    readonly test: Target,
    readonly id: number,
    readonly username: string,
    readonly email: string,
    readonly token: string,
  ) {}

  /** As others see them while they have changed nothing. */
  get shown() {
    return {
      ...{ id: this.id, username: this.username, name: this.username },
      ...{ avatar_url: null, external_id: null, version: 0 },
    };
  }

  get(url: string): Promise<Answer> {
    return call(this.test, 'GET', url, { token: this.token });
  }

  post(url: string, body: unknown): Promise<Answer> {
    return call(this.test, 'POST', url, { token: this.token, body });
  }

  put(url: string, body?: unknown): Promise<Answer> {
    return call(this.test, 'PUT', url, { token: this.token, body });
  }

  patch(url: string, body: unknown): Promise<Answer> {
    return call(this.test, 'PATCH', url, { token: this.token, body });
  }

  delete(url: string): Promise<Answer> {
    return call(this.test, 'DELETE', url, { token: this.token });
  }

  /** @returns the id of the new private chat. */
  async openPrivate(other: Person): Promise<number> {
    const { status, body } = await this.post('/chat/private/create', { with_user_id: other.id });
    expect(status).toBe(200);
    return body.id;
  }

  /** @returns the id of the new group. */
  async openGroup(others: Person[], name = 'a group'): Promise<number> {
    const { status, body } = await this.post('/chat/group/create', { with_ids: others.map(({ id }) => id), name });
    expect(status).toBe(200);
    return body.id;
  }

  /** @returns the new message. */
  async send(chatId: number, contents: string, client_id?: string): Promise<SentMessage> {
    const { status, body } = await this.post(`/chat/${chatId}/message`, { contents, client_id });
    expect(status).toBe(200);
    return body as SentMessage;
  }

  /** Sends a poll with two options, to which others may be added. */
  async ask(chatId: number): Promise<SentMessage> {
    const poll = { question: 'When?', options: ['now', 'later'], may_add_options: true };
    const { status, body } = await this.post(`/chat/${chatId}/message`, { contents: 'When?', poll });
    expect(status).toBe(200);
    return body as SentMessage;
  }
}

/** The hash of PASSWORD, made once: hashing it for each user of each test would take most of the suite's time. */
const hash = argon2.hash(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });

/** A new user with a token, as POST /register leaves them. */
export async function register({ app, db }: TestTarget): Promise<Person> {
  const username = uniqueName();
  const email = `${username}@example.com`;
  const { id } = await db.user.create({ data: { username, email, password: await hash } });
  return new Person({ app }, Number(id), username, email, app.createAccessToken(Number(id)));
}

/** Signs somebody in who has the usual password. @returns their access token. */
export async function tokenOf(target: Target, username: string): Promise<string> {
  const { body } = await call(target, 'POST', '/login', { body: { usernameOrEmail: username, password: PASSWORD } });
  return body.access_token as string;
}

export function registerMany(test: TestTarget, count: number): Promise<Person[]> {
  return Promise.all(Array.from({ length: count }, () => register(test)));
}

/** @returns the body of an answer that has to be 200. */
export async function done(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer;
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** Checks the envelope of an error, in which nothing but the given details may stand. */
export function expectError(answer: Answer, status: number, code: string, details: object = {}): void {
  const reason = code === 'NOT_AUTHORIZED' && { reason: answer.body.details?.reason };
  expect(answer.body).toEqual({
    status_code: status,
    details: { code, message: expect.any(String), request_id: expect.any(String), ...reason, ...details },
  });
  expect(answer.status).toBe(status);
}
