import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { urlOf } from '../../../test/support/socket.js';
import type { Target } from '../../../test/support/client.js';

/** The network between a client and the server: it can be cut, and can swallow what the server says. */
export class Network {
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #isDown = false;
  #isDeaf = false;
  /** How many connections were tried. */
  tries = 0;

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on('connection', (near) => {
      this.tries++;
      if (this.#isDown) near.destroy();
      else this.#join(near);
    });
  }

  static async to(target: Target): Promise<Network> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const network = new Network(server, Number(new URL(urlOf(target, 'http')).port));
    onTestFinished(() => {
      network.cut();
      server.close();
    });
    return network;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends all connections without a word. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** As in a tunnel. */
  down(): void {
    this.#isDown = true;
    this.cut();
  }

  up(): void {
    this.#isDown = this.#isDeaf = false;
  }

  /** What clients say arrives; no answer does. */
  swallowAnswers(): void {
    this.#isDeaf = true;
  }

  #join(near: Socket): void {
    const far = connect(this.port, '127.0.0.1');
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    near.on('data', (data) => far.write(data));
    far.on('data', (data) => {
      if (!this.#isDeaf) near.write(data);
    });
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#pairs.delete(pair);
        for (const each of pair) each.destroy();
      });
    }
  }
}
