import { OPERATOR } from '../../src/audit/index.js';
import { createKey } from '../../src/features/index.js';
import { call, type Answer, type TestTarget } from './client.js';

type Scopes = Parameters<typeof createKey>[1]['scopes'];

/** The server of a host application, which asks with an API key. */
export class Host {
  private constructor(
    private readonly test: TestTarget,
    readonly key: string,
    readonly keyId: number,
  ) {}

  static async of(test: TestTarget, scopes: Scopes = ['admin'], options: object = {}): Promise<Host> {
    const { key, stored } = await createKey(test.db, { name: 'a host', scopes, ...options }, OPERATOR);
    return new Host(test, key, stored.id);
  }

  ask(
    method: Parameters<typeof call>[1],
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return call(this.test, method, url, { token: this.key, body, headers });
  }

  get(url: string): Promise<Answer> {
    return this.ask('GET', url);
  }

  post(url: string, body: unknown): Promise<Answer> {
    return this.ask('POST', url, body);
  }

  put(url: string, body: unknown): Promise<Answer> {
    return this.ask('PUT', url, body);
  }

  patch(url: string, body: unknown): Promise<Answer> {
    return this.ask('PATCH', url, body);
  }

  delete(url: string): Promise<Answer> {
    return this.ask('DELETE', url);
  }

  /** Asks as one of its users. */
  as(ref: string, method: Parameters<typeof call>[1], url: string, body?: unknown): Promise<Answer> {
    return this.ask(method, url, body, { 'act-as': ref });
  }
}
