import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { Account } from '../client/rest.js';
import { enter, openChat, PASSWORD } from './world.js';

/** What somebody who does nothing wrong has waited for at the most, in ms, by what it was; and what went wrong. */
export interface Waits {
  readonly most: Record<string, number>;
  readonly failures: string[];
}

const PAUSE_MS = 50;
const LOGIN_PAUSE_MS = 500;
/** Long enough to see how bad it is. */
const TIMEOUT_MS = 20_000;

/** Another user of the server, from another address than the attacker. */
export class Bystander {
  readonly #url: string;
  readonly #account: Account;
  readonly #chatId: number;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(url: string, account: Account, chatId: number) {
    this.#url = url;
    this.#account = account;
    this.#chatId = chatId;
  }

  static async enter(url: string): Promise<Bystander> {
    const [ada, bob] = [await enter(url, 'ada'), await enter(url, 'bob')];
    return new Bystander(url, ada, await openChat(url, ada, bob.id));
  }

  /** Uses the server for so long. */
  async watch(ms: number): Promise<Waits> {
    const waits: Waits = { most: {}, failures: [] };
    const end = Date.now() + ms;
    const { username } = this.#account;
    const message = `/chat/${this.#chatId}/message`;
    const credentials = { usernameOrEmail: username, password: PASSWORD };
    await Promise.all([
      this.#repeat(end, PAUSE_MS, waits, 'me', () => this.#ask('GET', '/user/me')),
      this.#repeat(end, PAUSE_MS, waits, 'send', () => this.#ask('POST', message, { contents: 'hello' })),
      this.#repeat(end, PAUSE_MS, waits, 'live', () => this.#ask('GET', '/health/live')),
      this.#repeat(end, LOGIN_PAUSE_MS, waits, 'login', () => this.#ask('POST', '/login', credentials, false)),
      this.#repeat(end, LOGIN_PAUSE_MS, waits, 'socket', () => this.#connect()),
    ]);
    return waits;
  }

  async #repeat(end: number, pauseMs: number, { most, failures }: Waits, what: string, act: () => Promise<void>) {
    while (Date.now() < end) {
      const begin = performance.now();
      await act().catch((error: unknown) => failures.push(`${what}: ${(error as Error).message}`));
      most[what] = Math.max(most[what] ?? 0, performance.now() - begin);
      await sleep(pauseMs);
    }
  }

  /** @throws Error when the answer is not 200. */
  #ask(method: string, path: string, body?: object, withToken = true): Promise<void> {
    const text = body && JSON.stringify(body);
    const headers = {
      ...(withToken && { authorization: `Bearer ${this.#account.token}` }),
      ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    return new Promise((resolve, reject) => {
      const asked = request(this.#url + path, { method, headers, agent: this.#agent, timeout: TIMEOUT_MS });
      asked.on('response', (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`was answered with ${response.statusCode ?? 0}`));
        });
      });
      asked.on('timeout', () => asked.destroy(new Error('was not answered')));
      asked.on('error', reject);
      asked.end(text);
    });
  }

  /** As a browser does: without a header, and with a first frame. */
  #connect(): Promise<void> {
    const socket = new WebSocket(`${this.#url.replace('http', 'ws')}/ws`, 'messenger.v1');
    return new Promise<void>((resolve, reject) => {
      socket.on('open', () => {
        socket.send(JSON.stringify({ type: 'authenticate', token: this.#account.token }));
      });
      socket.on('message', () => {
        resolve();
      });
      socket.on('error', reject);
      socket.on('close', (code) => {
        reject(new Error(`was closed with ${code}`));
      });
      setTimeout(() => {
        reject(new Error('was not answered'));
      }, TIMEOUT_MS).unref();
    }).finally(() => {
      socket.terminate();
    });
  }
}
