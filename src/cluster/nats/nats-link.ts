import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type ConnectionOptions, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import type { ClusterSettings } from '../../config/index.js';
import type { Logger } from '../../shared/logger.js';

const CONNECT_TIMEOUT_MS = 2000;
const RECONNECT_MS = 500;
const PING_MS = 2500;
/** The connection counts as lost when more pings than these have had no answer. */
const MAX_PINGS_OUT = 1;

interface Interest {
  readonly receive: (text: string) => void;
  /** undefined: there is no connection yet. */
  subscription: Subscription | undefined;
}

/** @param isFirst whether there was no connection before. */
type ConnectedListener = (isFirst: boolean) => void;

/** One connection to NATS, which reconnects for as long as it takes; without it the server goes on. */
export class NatsLink {
  readonly #prefix: string;
  readonly #log: Logger;
  readonly #listeners: ConnectedListener[] = [];
  readonly #interests = new Map<string, Interest>();
  readonly #closing = new AbortController();
  #connection: NatsConnection | undefined;
  #isConnected = false;
  #isFirst = true;
  #isAway = false;

  constructor({ urls, prefix }: ClusterSettings, log: Logger) {
    this.#prefix = prefix;
    this.#log = log;
    void this.#stayConnected(connectionOptions(urls));
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Calls the listener each time that the connection is made, and subscriptions are on their way. */
  onConnected(listener: ConnectedListener): void {
    this.#listeners.push(listener);
  }

  /** Tells the other nodes, unless NATS is away, or the text is longer than its max_payload. */
  publish(name: string, text: string): void {
    if (!this.#isConnected) return;
    try {
      this.#connection?.publish(this.#prefix + name, text);
    } catch (error) {
      this.#log.warn({ reason: (error as Error).message }, 'could not publish');
    }
  }

  /** Calls `receive` with every text that another node publishes under the name, also after a reconnection. */
  subscribe(name: string, receive: (text: string) => void): void {
    if (this.#interests.has(name)) return;
    const interest: Interest = { receive, subscription: undefined };
    this.#interests.set(name, interest);
    this.#begin(name, interest);
  }

  /** Whether the name is subscribed to, also while NATS is away. */
  isSubscribed(name: string): boolean {
    return this.#interests.has(name);
  }

  unsubscribe(name: string): void {
    this.#interests.get(name)?.subscription?.unsubscribe();
    this.#interests.delete(name);
  }

  /** @returns whether NATS has processed everything that was asked of it before; false: it is away. */
  async flushed(): Promise<boolean> {
    try {
      if (!this.#connection || !this.#isConnected) return false;
      await this.#connection.flush();
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection?.close();
  }

  #begin(name: string, interest: Interest): void {
    if (!this.#connection || this.#connection.isClosed()) return;
    interest.subscription = this.#connection.subscribe(this.#prefix + name, {
      callback: (error, message) => {
        if (!error) interest.receive(message.string());
      },
    });
  }

  /** The library reconnects by itself, but for the first time, and after what it takes for a final error. */
  async #stayConnected(options: ConnectionOptions): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#useConnection(await connect(options));
      } catch (error) {
        this.#disconnected((error as Error).message);
      }
      await sleep(RECONNECT_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Resolves when the connection is closed for good. */
  async #useConnection(connection: NatsConnection): Promise<void> {
    if (this.#closing.signal.aborted) return connection.close();
    this.#connection = connection;
    for (const [name, interest] of this.#interests) this.#begin(name, interest);
    this.#connected();
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#disconnected('disconnected');
      // By then the library has sent the subscriptions again.
      if (type === 'reconnect') this.#connected();
    }
    this.#disconnected('closed');
  }

  #connected(): void {
    this.#isConnected = true;
    if (this.#isAway) this.#log.info('NATS is back');
    this.#isAway = false;
    for (const listener of this.#listeners) listener(this.#isFirst);
    this.#isFirst = false;
  }

  /** Logs a line when NATS goes, not one for each try. */
  #disconnected(reason: string): void {
    this.#isConnected = false;
    if (!this.#isAway && !this.#closing.signal.aborted) this.#log.warn({ reason }, 'NATS is away; trying on');
    this.#isAway = true;
  }
}

/** The library takes credentials beside the addresses, not in them. */
function connectionOptions(urls: readonly string[]): ConnectionOptions {
  const parsed = urls.map((url) => new URL(url));
  const { protocol, username = '', password = '' } = parsed[0] ?? {};
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    servers: parsed.map(({ host }) => host),
    ...(pass ? { user, pass } : user && { token: user }),
    ...(protocol === 'tls:' && { tls: {} }),
    noEcho: true,
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: MAX_PINGS_OUT,
    ignoreAuthErrorAbort: true,
  };
}
