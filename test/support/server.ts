import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { checkLines } from './checked-log.js';
import { PASSWORD, uniqueName } from './client.js';
import { copyTemplate } from './database.js';

const ROOT = join(import.meta.dirname, '../..');

export interface Exit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program of this project as a process of its own, with nothing in its environment that the test has not put there. */
export class Program {
  readonly process: ChildProcess;
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';

  /** @param file of this project, or anywhere by its whole path. */
  constructor(file: string, environment: Record<string, string>, cwd: string, args: string[] = []) {
    const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    this.process = spawn(process.execPath, ['--import', loader, resolve(ROOT, file), ...args], {
      cwd,
      env: { PATH: process.env.PATH, ...environment },
    });
    this.process.stdout?.on('data', (chunk) => (this.stdout += String(chunk)));
    this.process.stderr?.on('data', (chunk) => (this.stderr += String(chunk)));
    this.exited = once(this.process, 'close').then(([code]) => {
      return { code: code as number | null, stdout: this.stdout, stderr: this.stderr };
    });
    onTestFinished(async () => {
      this.process.kill('SIGKILL');
      await this.exited;
    });
  }

  kill(signal: NodeJS.Signals): Promise<Exit> {
    this.process.kill(signal);
    return this.exited;
  }
}

/** The server as an operator starts it, on a free port. */
export class Server extends Program {
  url = '';

  static async start(environment: Record<string, string>, cwd: string, file = 'src/main.ts'): Promise<Server> {
    const server = new Server(file, { PORT: '0', ...environment }, cwd);
    for (const output of [server.process.stdout, server.process.stderr])
      output?.on('data', (chunk) => {
        checkLines(String(chunk));
      });
    await server.#listening();
    return server;
  }

  async #listening(): Promise<void> {
    for (;;) {
      const url = /Server listening at (http:\S+?)"/.exec(this.stdout)?.[1];
      if (url) {
        this.url = url;
        return;
      }
      const ended = await Promise.race([this.exited, new Promise((resolve) => setTimeout(resolve, 20, undefined))]);
      if (ended) throw new Error(`The server did not start.\n${this.stdout}${this.stderr}`);
    }
  }

  async post(path: string, body: unknown, token?: string): Promise<{ status: number; body: Record<string, unknown> }> {
    return this.#request('POST', path, token, body);
  }

  async get(path: string, token?: string): Promise<{ status: number; body: Record<string, unknown> }> {
    return this.#request('GET', path, token);
  }

  put(path: string, token: string): Promise<{ status: number; body: Record<string, unknown> }> {
    return this.#request('PUT', path, token);
  }

  patch(path: string, body: unknown, token: string): Promise<{ status: number; body: Record<string, unknown> }> {
    return this.#request('PATCH', path, token, body);
  }

  delete(path: string, token: string): Promise<{ status: number; body: Record<string, unknown> }> {
    return this.#request('DELETE', path, token);
  }

  async #request(method: string, path: string, token?: string, body?: unknown) {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
}

/** An empty folder to run in, with no .env in it. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'messenger-test-cwd-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const SECRET = 'only the tests know this secret of theirs';

/** The environment of a server on a copy of the migrated database. */
export async function environment(): Promise<Record<string, string>> {
  const database = await copyTemplate();
  onTestFinished(() => database.drop());
  return database.url ? { DATABASE_URL: database.url, JWT_SECRET: SECRET } : { DATA_DIR: database.dataDir };
}

export async function registerOn(server: Server): Promise<{ token: string; id: number }> {
  const username = uniqueName();
  const { body } = await server.post('/register', { username, email: `${username}@example.com`, password: PASSWORD });
  const token = body.access_token as string;
  return { token, id: (await server.get('/user/me', token)).body.id as number };
}
