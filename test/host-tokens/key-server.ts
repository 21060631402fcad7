import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';

/** An issuer's server, which publishes its keys and counts how often they are fetched. */
export class KeyServer {
  keys: JWK[] = [];
  fetches = 0;
  /** undefined: the keys. */
  answer: ((response: ServerResponse) => void) | undefined;
  #port = 0;
  #server: Server | undefined;

  get url(): string {
    return `http://127.0.0.1:${this.#port}/jwks.json`;
  }

  /** At the same port as before. */
  async open(): Promise<void> {
    const server = createServer((_request, response) => {
      this.fetches++;
      // Or the next fetch could go over a connection that has just been closed.
      response.setHeader('connection', 'close');
      if (this.answer) this.answer(response);
      else response.end(JSON.stringify({ keys: this.keys }));
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }
}
