import { timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import {
  CANCEL_REQUEST,
  GSS_ENCRYPTION_REQUEST,
  MessageReader,
  SSL_REQUEST,
  endingTransactionState,
  int32,
  message,
  messageType,
  textAt,
} from './wire.js';

/** The part of PGlite that runs protocol messages; all clients share its one session. */
type Session = Pick<PGlite, 'execProtocolRawStream'>;

/** Messages of the extended protocol: an exchange that ends in one of these is not over before its Sync. */
const UNFINISHED = new Set(['P', 'B', 'D', 'E', 'C', 'H']);

interface Connection {
  readonly id: number;
  readonly socket: Socket;
  readonly reader: MessageReader;
  phase: 'startup' | 'password' | 'open' | 'closed';
  startup?: Buffer;
  /** Messages that have arrived and not been run. */
  pending: Buffer[];
  /** The prepared statements it has left in the shared session. */
  readonly statements: Set<string>;
}

/**
 * Lets several PostgreSQL clients share PGlite's single session over a loopback port.
 *
 * A client has the session to itself from its first message until PostgreSQL says that it is idle and outside of a
 * transaction; the others wait. Each client's prepared statements get names of their own. Without both, two clients
 * would bind their parameters to each other's statements. Settings made with SET apply to all clients, until the one that
 * made them leaves.
 */
export class Gateway {
  readonly #session: Session;
  readonly #password: Buffer;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #waiting: Connection[] = [];
  #owner: Connection | undefined;
  /** Runs while there is something that may run. */
  #pump: Promise<void> | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #lastId = 0;

  readonly #idleTransactionTimeoutMs: number;

  /** @param idleTransactionTimeoutMs how long a client may keep a transaction open without saying anything. */
  constructor(session: Session, password: string, idleTransactionTimeoutMs: number) {
    this.#idleTransactionTimeoutMs = idleTransactionTimeoutMs;
    this.#session = session;
    this.#password = Buffer.from(password);
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#accept(socket);
    });
  }

  /** Listens on a free loopback port and returns it. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection, and waits until what they had not committed has been rolled back. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    for (const connection of this.#connections) connection.socket.destroy();
    await closed;
    await this.#pump;
  }

  #accept(socket: Socket): void {
    const connection: Connection = {
      id: ++this.#lastId,
      socket,
      reader: new MessageReader(),
      phase: 'startup',
      pending: [],
      statements: new Set(),
    };
    this.#connections.add(connection);
    socket.on('data', (chunk) => {
      this.#receive(connection, chunk);
    });
    // A reset connection is closed like any other: 'close' follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#connections.delete(connection);
      connection.phase = 'closed';
      connection.pending = [];
      this.#schedule(connection);
    });
  }

  #receive(connection: Connection, chunk: Buffer): void {
    try {
      connection.reader.push(chunk);
      for (;;) {
        const next = connection.reader.next(connection.phase !== 'startup');
        if (!next) break;
        this.#handle(connection, next);
      }
    } catch {
      connection.socket.destroy();
    }
  }

  #handle(connection: Connection, received: Buffer): void {
    switch (connection.phase) {
      case 'startup': {
        const code = received.readInt32BE(4);
        if (code === SSL_REQUEST || code === GSS_ENCRYPTION_REQUEST) {
          connection.socket.write('N');
        } else if (code === CANCEL_REQUEST) {
          // There is no second process that could be interrupted.
          connection.socket.end();
        } else {
          connection.startup = Buffer.from(received);
          connection.phase = 'password';
          connection.socket.write(message('R', int32(3)));
        }
        return;
      }
      case 'password': {
        const given = Buffer.from(textAt(received, 5));
        const right =
          messageType(received) === 'p' &&
          given.length === this.#password.length &&
          timingSafeEqual(given, this.#password);
        if (!right) {
          connection.socket.end(
            message('E', 'SFATAL', 'VFATAL', 'C28P01', 'Mpassword authentication failed', Buffer.alloc(1)),
          );
          return;
        }
        connection.phase = 'open';
        this.#schedule(connection);
        return;
      }
      case 'open':
        if (messageType(received) === 'X') {
          connection.socket.end();
          return;
        }
        connection.pending.push(this.#withOwnNames(connection, received));
        this.#schedule(connection);
        return;
      case 'closed':
        return;
    }
  }

  /** Gives the named statements of a message names that no other connection uses. */
  #withOwnNames(connection: Connection, received: Buffer): Buffer {
    const type = messageType(received);
    let offset = 5;
    if (type === 'B') offset = received.indexOf(0, offset) + 1;
    else if ((type === 'D' || type === 'C') && received[offset] === 'S'.charCodeAt(0)) offset += 1;
    else if (type !== 'P') return received;
    const name = textAt(received, offset);
    if (name === '') return received;
    const ownName = `c${connection.id}_${name}`;
    if (type === 'P') connection.statements.add(ownName);
    if (type === 'C') connection.statements.delete(ownName);
    const rest = received.subarray(offset + Buffer.byteLength(name) + 1);
    return message(type, received.subarray(5, offset), ownName, rest);
  }

  #schedule(connection: Connection): void {
    if (connection !== this.#owner && !this.#waiting.includes(connection)) this.#waiting.push(connection);
    this.#pump ??= this.#runPending().finally(() => {
      this.#pump = undefined;
    });
  }

  /** Runs what is pending, one connection at a time, until there is nothing that may run. */
  async #runPending(): Promise<void> {
    clearTimeout(this.#idleTimer);
    for (;;) {
      const connection = this.#owner ?? this.#waiting.shift();
      if (!connection) return;
      if (connection.phase === 'closed') {
        await this.#cleanUp(connection);
        this.#owner = undefined;
      } else if (connection.startup) {
        const startup = connection.startup;
        delete connection.startup;
        connection.socket.write(await this.#run(startup));
        if (connection.pending.length > 0) this.#waiting.push(connection);
      } else if (connection.pending.length > 0) {
        await this.#exchange(connection);
      } else if (connection === this.#owner) {
        // The client is in the middle of a transaction, and all others wait.
        this.#idleTimer = setTimeout(() => connection.socket.destroy(), this.#idleTransactionTimeoutMs);
        return;
      }
    }
  }

  async #exchange(connection: Connection): Promise<void> {
    const messages = connection.pending;
    connection.pending = [];
    const output = await this.#run(Buffer.concat(messages));
    if (!connection.socket.destroyed) connection.socket.write(output);
    const last = messages.at(-1);
    const over = endingTransactionState(output) === 'I' && last !== undefined && !UNFINISHED.has(messageType(last));
    this.#owner = over ? undefined : connection;
    if (over && connection.pending.length > 0) this.#waiting.push(connection);
  }

  /** Ends what a lost connection left open, so that the next one finds the session clean. */
  async #cleanUp(connection: Connection): Promise<void> {
    if (connection === this.#owner) {
      await this.#run(message('S'));
      await this.#run(message('Q', 'ROLLBACK'));
    }
    for (const name of connection.statements) {
      await this.#run(message('Q', `DEALLOCATE "${name.replaceAll('"', '""')}"`));
    }
    connection.statements.clear();
    await this.#run(message('Q', 'RESET ALL'));
  }

  async #run(input: Buffer): Promise<Buffer> {
    const chunks: Buffer[] = [];
    await this.#session.execProtocolRawStream(input, {
      onRawData: (bytes) => {
        chunks.push(Buffer.from(bytes));
      },
    });
    return Buffer.concat(chunks);
  }
}
