import type { Database, Revocation, Statements } from '../database/index.js';
import type { Identity, Refusal } from '../shared/credential.js';
import type { Logger } from '../shared/logger.js';
import { Repetition } from '../shared/repetition.js';
import { removeExpired } from './revocations.queries.js';

/** How long another node may go on accepting a token that was revoked. */
const POLL_MS = 500;
/** A revocation is dated when it is made, and seen when it is committed: so much later at the most. */
const OVERLAP_MS = 30_000;
const CLEANING_MS = 60 * 60 * 1000;

interface RevocationOptions {
  readonly db: Database;
  readonly statements: Statements;
  readonly log: Logger;
  /** Ends the connections of identities that do not count any more. */
  readonly onRevoked: (refusalOf: (identity: Identity) => Refusal | undefined) => void;
}

/**
 * Which tokens do not count any more, though they have not expired. Each node reads it from the database twice a second, so
 * that nothing depends on the broker; what happens on this node counts here at once. docs/adr/0018 has why.
 */
export class Revocations {
  readonly #options: RevocationOptions;
  readonly #sessions = new Map<number, number>();
  readonly #users = new Map<number, number>();
  readonly #suspended = new Set<number>();
  /** Those of the last year: no token is good for longer. */
  readonly #erased = new Set<number>();
  /** By user, the last revocation that said whether they are suspended: what is read again later is older. */
  readonly #suspensionIds = new Map<number, number>();
  #everybodyBefore = 0;
  /** Until when they have been read, in ms since 1970, by the clock of the database. */
  #readUntil = 0;
  #cleanedAt = Date.now();
  readonly #rounds: Repetition;

  constructor(options: RevocationOptions) {
    this.#options = options;
    this.#rounds = new Repetition(() => this.#read(), {
      pauseMs: POLL_MS,
      log: options.log,
      failure: 'could not read which tokens are revoked; trying on',
    });
  }

  start(): void {
    this.#rounds.startNow();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Why the token of the identity does not count any more; undefined: it does. */
  refusalOf(identity: Identity): Refusal | undefined {
    if (this.#erased.has(identity.userId)) return 'TOKEN_REVOKED';
    if (this.#suspended.has(identity.userId)) return 'USER_SUSPENDED';
    return this.#isRevoked(identity) ? 'TOKEN_REVOKED' : undefined;
  }

  /** Whether nobody can use the account now. */
  isSuspended(userId: number): boolean {
    return this.#suspended.has(userId);
  }

  #isRevoked({ userId, sessionId, issuedAt }: Identity): boolean {
    if (issuedAt < this.#everybodyBefore) return true;
    // The other sessions of a user are ended one by one: the one that asked for it goes on.
    return sessionId === undefined ? issuedAt < (this.#users.get(userId) ?? 0) : this.#sessions.has(sessionId);
  }

  /** The time before which no token of the user counts, in ms since 1970; 0: there is none. */
  tokensFrom(userId: number): number {
    return Math.max(this.#everybodyBefore, this.#users.get(userId) ?? 0);
  }

  /** Lets revocations count that have been committed, and ends connections that are open under them. */
  apply(revocations: readonly Revocation[]): void {
    const isNew = revocations.map((revocation) => this.#add(revocation)).includes(true);
    if (isNew) this.#options.onRevoked((identity) => this.refusalOf(identity));
  }

  #add(revocation: Revocation): boolean {
    const { sessionId, userId, before, keepUntil } = revocation;
    if (sessionId !== null) {
      if (this.#sessions.has(sessionId)) return false;
      this.#sessions.set(sessionId, keepUntil);
      return true;
    }
    const isBarred = [this.#suspend(revocation), this.#erase(revocation)].includes(true);
    const known = userId === null ? this.#everybodyBefore : (this.#users.get(userId) ?? 0);
    if (before === null || before <= known) return isBarred;
    if (userId === null) this.#everybodyBefore = before;
    else this.#users.set(userId, before);
    return true;
  }

  /** @returns whether the user is suspended by it. */
  #suspend({ id, userId, suspended }: Revocation): boolean {
    if (userId === null || suspended === null || id <= (this.#suspensionIds.get(userId) ?? 0)) return false;
    this.#suspensionIds.set(userId, id);
    if (suspended) this.#suspended.add(userId);
    else this.#suspended.delete(userId);
    return suspended;
  }

  /** @returns whether it is new that the user is erased. */
  #erase({ userId, erased }: Revocation): boolean {
    if (userId === null || erased !== true || this.#erased.has(userId)) return false;
    this.#erased.add(userId);
    return true;
  }

  async #read(): Promise<void> {
    // Read before the feed, whose rows are then newer, or say the same.
    if (this.#readUntil === 0) await this.#readSuspended();
    const { now, revocations } = await this.#options.statements.revocations.since(this.#readUntil - OVERLAP_MS);
    this.apply(revocations);
    this.#readUntil = now;
    for (const [sessionId, keepUntil] of this.#sessions) if (keepUntil < now) this.#sessions.delete(sessionId);
    if (Date.now() - this.#cleanedAt < CLEANING_MS) return;
    this.#cleanedAt = Date.now();
    await removeExpired(this.#options.db);
  }

  async #readSuspended(): Promise<void> {
    for (const userId of await this.#options.statements.revocations.suspended()) {
      if (!this.#suspensionIds.has(userId)) this.#suspended.add(userId);
    }
    this.#options.onRevoked((identity) => this.refusalOf(identity));
  }
}
