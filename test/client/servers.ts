import { setTimeout as sleep } from 'node:timers/promises';
import { isoTime } from '../faults/clock.js';
import type { Random } from '../faults/random.js';
import { backoffMs } from './backoff.js';
import type { Answer } from './protocol.js';

/** Longer than a server is ever stopped for, so that answers also come late. */
const ANSWER_TIMEOUT_MS = 6000;
const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
  /** Which server to ask; without it any. */
  readonly node?: number | undefined;
  /** When to lose interest in the answer. */
  readonly signal?: AbortSignal;
}

/** The server's processes, of which a client knows nothing but their addresses. */
export class Servers {
  /** How often an answer had which status; 0: there was none. */
  readonly statuses = new Map<number, number>();
  /** What should not have been answered. */
  readonly surprises: string[] = [];

  constructor(
    readonly urls: readonly string[],
    readonly random: Random,
  ) {}

  anyNode(): number {
    return this.random.below(this.urls.length);
  }

  /** One try. undefined: there was no answer, and nobody knows whether the request was carried out. */
  async request({ method, path, token, body, node, signal }: Request): Promise<Answer | undefined> {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const askedAt = Date.now();
    try {
      const response = await fetch(`${this.urls[node ?? this.anyNode()]}${path}`, {
        method,
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const answer = { status: response.status, body: await response.json(), askedAt };
      this.note(method, path, answer);
      return answer;
    } catch {
      this.note(method, path, undefined);
      return undefined;
    }
  }

  /** Keeps account of how a request was answered, if it was. */
  note(method: string, path: string, answer: Answer | undefined): void {
    const status = answer?.status ?? 0;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (answer && isFailure(status)) this.surprises.push(`${method} ${path} was answered with ${said(answer)}`);
  }

  /**
   * Repeats a request until an answer is definite, by any server when the one that is named has not given it.
   * @throws whatever the signal was aborted with.
   */
  async requestUntilAnswered(request: Request): Promise<Answer & { readonly tries: number }> {
    for (let tries = 0; ; tries++) {
      const answer = await this.request(tries === 0 ? request : { ...request, node: undefined });
      if (isDefinite(answer)) return { ...answer, tries: tries + 1 };
      request.signal?.throwIfAborted();
      await sleep(backoffMs(tries, this.random));
    }
  }
}

/** Whether the server says that something went wrong in it. That it can't answer at the moment may be. */
export function isFailure(status: number): boolean {
  return status >= 500 && status !== UNAVAILABLE;
}

/** An answer that should not have been given, now. */
export function said({ status, body }: Answer): string {
  return `${status} at ${isoTime(Date.now())}: ${JSON.stringify(body)}`;
}

/** 5xx and 429 say nothing about the request itself. */
export function isDefinite(answer: Answer | undefined): answer is Answer {
  return answer !== undefined && answer.status < 500 && answer.status !== TOO_MANY_REQUESTS;
}
