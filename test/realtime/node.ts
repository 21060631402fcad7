import { Type } from '@sinclair/typebox';
import { onTestFinished } from 'vitest';
import { connectionFrames } from '../../src/features/connections/connections.frames.js';
import { presenceFrames } from '../../src/features/presence/presence.frames.js';
import { typingFrames } from '../../src/features/typing/typing.frames.js';
import { compileCheck } from '../../src/plugins/validation.js';
import { MemoryBroker, MemoryPresence } from '../../src/cluster/memory-cluster.js';
import type { Channel } from '../../src/realtime/broker.js';
import {
  FrameHandlers,
  Realtime,
  frameHandler,
  type Connection,
  type FrameBatch,
  type Store,
} from '../../src/realtime/index.js';
import type { Identity } from '../../src/shared/credential.js';
import { ApiError } from '../../src/shared/errors.js';
import { checkedLog } from '../support/checked-log.js';
import type { Frame } from '../support/socket.js';

/** A socket without a network. What is written to it waits until `isRead`. */
class Wire implements Connection {
  readonly frames: Frame[] = [];
  /** In the order in which the session has asked for it. */
  readonly calls: string[] = [];
  closedWith: number | undefined;
  bufferedBytes = 0;
  receivedBytes = 0;
  isRead = true;

  write(batches: readonly FrameBatch[]): void {
    this.calls.push('write');
    for (const { events, bytes } of batches) {
      this.frames.push(...events.map(({ text }) => JSON.parse(text) as Frame));
      if (!this.isRead) this.bufferedBytes += bytes.length;
    }
  }

  drained(): Promise<void> {
    return this.isRead ? Promise.resolve() : new Promise(() => undefined);
  }

  pause(): void {
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
  }

  ping(): void {
    this.calls.push('ping');
  }

  close({ code }: { code: number }): void {
    this.calls.push('close');
    this.closedWith = code;
  }

  destroy(): void {
    this.calls.push('destroy');
  }
}

/** Says to which channels the node listens. */
class OpenBroker extends MemoryBroker {
  readonly channels = new Set<Channel>();

  override subscribe(channels: readonly Channel[]): Promise<void> {
    for (const channel of channels) this.channels.add(channel);
    return super.subscribe(channels);
  }

  override unsubscribe(channels: readonly Channel[]): void {
    for (const channel of channels) this.channels.delete(channel);
    super.unsubscribe(channels);
  }
}

/** Something that waits until the test opens it. */
export class Gate {
  #open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.#open = resolve));

  open(): void {
    this.#open();
  }
}

export const CHAT = 7;

/** From where connections come. */
export const NETWORK = '192.0.2.1';

/** A database in which everybody is in one chat, in which nothing has happened yet but that it was opened. */
const STORE: Store = {
  membershipsOf: (userId) => Promise.resolve({ mePts: 0, chats: [{ userId, chatId: CHAT, pts: 1 }] }),
  check: (pairs) => Promise.resolve(pairs.map((pair) => ({ ...pair, pts: 1 }))),
  positions: () => Promise.resolve([]),
  joinsAfter: () => Promise.resolve([]),
  lastJoin: () => Promise.resolve(0),
  epoch: () => Promise.resolve('an epoch'),
  ownPositions: (userIds) => Promise.resolve(userIds.map((userId) => ({ userId, mePts: 0 }))),
  contacts: (_userId, otherIds) =>
    Promise.resolve(otherIds.map((userId) => ({ userId, lastSeenAt: null, isHidden: false }))),
  seen: () => Promise.resolve(),
};

/** The chat is a group. */
const statements = {
  participant: { mayType: () => Promise.resolve(true) },
};

/** What a node does in real time, without a network and a database. */
export class Node {
  readonly broker = new OpenBroker();
  readonly realtime: Realtime;
  readonly #frames: FrameHandlers;

  /**
   * @param answer what the frame `get` is answered with.
   * @param max how many connections may be open.
   */
  constructor({
    store = {},
    answer = '',
    max = 10_000,
  }: { store?: Partial<Store>; answer?: string; max?: number } = {}) {
    const log = checkedLog;
    this.realtime = new Realtime({
      broker: this.broker,
      registry: new MemoryPresence(),
      store: { ...STORE, ...store },
      log,
      maxConnections: max,
    });
    const get = frameHandler({ type: 'get', description: '', fields: {}, answer: Type.String(), handle: () => answer });
    this.#frames = new FrameHandlers(
      [
        get,
        ...connectionFrames(),
        ...typingFrames({ realtime: this.realtime, statements }),
        ...presenceFrames({ realtime: this.realtime }),
      ],
      compileCheck,
    );
    this.realtime.start();
    onTestFinished(() => this.realtime.stop());
  }

  /** A new connection; `user 5` is a token. */
  open(network = NETWORK) {
    const wire = new Wire();
    const opened = this.realtime.open(
      wire,
      {
        frames: this.#frames,
        admit: () => Promise.resolve(),
        identify: (token) => Promise.resolve(token.startsWith('user ') ? identity(Number(token.slice(5))) : undefined),
        describeError: (error) => {
          if (!(error instanceof ApiError)) throw error;
          return { status_code: error.status, details: { code: error.code } };
        },
      },
      network,
      false,
    );
    // The network of the test is never in the way of a stop.
    onTestFinished(() => {
      opened.closed();
    });
    return { wire, ...opened };
  }

  /** One on which the user is ready. */
  async openFor(userId: number, whose = identity(userId)) {
    const opened = this.open();
    await opened.session.authenticate(whose);
    return opened;
  }

  /** A change of the chat in which everybody is. */
  publish(pts: number, text = ''): void {
    this.realtime.publish({ type: 'message.created', chatId: CHAT, pts, data: { text } });
  }
}

export function identity(userId: number, ttlMs = 3_600_000): Identity {
  return { userId, expiresAt: Date.now() + ttlMs, issuedAt: Date.now() };
}
