import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { breakOff } from './break-off.js';
import { GOOD, STALLED, slowed, type Conditions, type Slowness } from './conditions.js';
import { Lane } from './lane.js';

const LOOPBACK = '127.0.0.1';

interface Connection {
  readonly sockets: readonly Socket[];
  readonly lanes: readonly Lane[];
}

/**
 * The network between the clients of a test and the server: requests, sockets and event streams alike. What changes counts for
 * open connections too, at once.
 */
export class Network {
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #serverPort: number;
  #conditions: Conditions = GOOD;
  #isCut = false;

  private constructor(serverPort: number) {
    this.#serverPort = serverPort;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.#accept(client);
    });
    // A test that forgets to stop its messenger ends all the same.
    this.#server.unref();
  }

  /** On a free port, in front of the one of the server. */
  static async open(serverPort: number): Promise<Network> {
    const network = new Network(serverPort);
    network.#server.listen(0, LOOPBACK);
    await once(network.#server, 'listening');
    return network;
  }

  /** Where clients reach the server. */
  get url(): string {
    return `http://${LOOPBACK}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Breaks every connection, and every new one. */
  cut(): void {
    this.#isCut = true;
    this.#breakAll();
  }

  /** Open connections stay open and new ones are taken, but nothing arrives. Once the network is restored, all of it does. */
  stall(): void {
    this.#become(STALLED);
  }

  /** @throws RangeError for what is no speed. */
  slow(slowness: Slowness): void {
    this.#become(slowed(slowness));
  }

  /** As at the beginning. */
  restore(): void {
    this.#become(GOOD);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#breakAll();
    await closed;
  }

  #become(conditions: Conditions): void {
    this.#isCut = false;
    this.#conditions = conditions;
    for (const { lanes } of this.#connections) for (const lane of lanes) lane.conditions = conditions;
  }

  #breakAll(): void {
    for (const { sockets, lanes } of this.#connections) {
      for (const lane of lanes) lane.cut();
      for (const socket of sockets) breakOff(socket);
    }
  }

  #accept(client: Socket): void {
    client.unref();
    if (this.#isCut) {
      breakOff(client.on('error', () => undefined));
      return;
    }
    const server = connect({ port: this.#serverPort, host: LOOPBACK, allowHalfOpen: true, noDelay: true }).unref();
    const lanes = [new Lane(client, server, this.#conditions), new Lane(server, client, this.#conditions)];
    const connection = { sockets: [client, server], lanes };
    this.#connections.add(connection);
    const forget = () => {
      if (client.destroyed && server.destroyed) this.#connections.delete(connection);
    };
    client.once('close', forget);
    server.once('close', forget);
  }
}
