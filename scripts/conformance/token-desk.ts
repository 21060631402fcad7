import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOOPBACK } from '../../test/processes/network.js';

/** Where the client under test gets its access tokens. */
export class TokenDesk {
  readonly #server: Server;
  readonly #make: (seconds: number) => Promise<string>;
  #atOnce = 0;
  /** How many requests were under way at once, at the most. */
  mostAtOnce = 0;
  /** How long it takes to answer. */
  delayMs = 0;
  /** For how many seconds each next token is good; then it is an hour. */
  readonly lifetimes: number[] = [];
  readonly reasons: string[] = [];
  readonly tokens: string[] = [];

  private constructor(make: (seconds: number) => Promise<string>) {
    this.#make = make;
    this.#server = createServer((request, response) => {
      this.reasons.push(new URL(request.url ?? '/', 'http://desk').searchParams.get('reason') ?? '');
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
      void this.#give().then((token) => {
        this.#atOnce--;
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token }));
      });
    });
  }

  /** @param make makes a token of the user's that is good for so many seconds. */
  static async open(make: (seconds: number) => Promise<string>): Promise<TokenDesk> {
    const desk = new TokenDesk(make);
    desk.#server.listen(0, LOOPBACK);
    await once(desk.#server, 'listening');
    return desk;
  }

  get url(): string {
    return `http://${LOOPBACK}:${(this.#server.address() as AddressInfo).port}/token`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #give(): Promise<string> {
    const token = await this.#make(this.lifetimes.shift() ?? 3600);
    this.tokens.push(token);
    await sleep(this.delayMs);
    return token;
  }
}
