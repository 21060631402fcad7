import type { Inbox } from './inbox.js';
import type { Journal } from './journal.js';
import type { Answer, ServerEvent, SyncAnswer, SyncRequest } from './protocol.js';
import type { Servers } from './servers.js';

/** Who connects, and where. */
export interface Dial {
  readonly servers: Servers;
  readonly node: number;
  readonly token: string;
  readonly journal: Journal;
}

export interface Delivery {
  readonly event: ServerEvent | undefined;
  /** How far the event stream has come with it. The socket has no such thing. */
  readonly id: string | undefined;
}

/** A connection on which events arrive, by the socket or by the event stream. */
export interface Session {
  readonly deliveries: Inbox<Delivery>;
  /** Aborted with SessionEnded. */
  readonly ended: AbortSignal;
  /** @throws Refusal when the server can't. SessionEnded when there is no answer. */
  sync(request: SyncRequest): Promise<SyncAnswer>;
  /** What only the socket has: frames that are answered, and frames that are not. */
  request?(frame: Readonly<Record<string, unknown>>): Promise<Answer>;
  tell?(frame: Readonly<Record<string, unknown>>): void;
  /** Cuts the connection without a word. */
  cut(): void;
  /** Stops reading, as a suspended device does. */
  pause(): void;
  resume(): void;
}

export class SessionEnded extends Error {
  constructor(readonly code: number) {
    super(`The session has ended with ${code}.`);
  }
}

/** An answer that says no. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    code: string,
  ) {
    super(`${status} ${code}`);
  }
}
