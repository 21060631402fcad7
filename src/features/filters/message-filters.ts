import { SYSTEM } from '../../audit/index.js';
import { chatDoesNotExist, readStanding, refusalOf, type Context } from '../../changes/index.js';
import type { Statements, StoredFilters } from '../../database/index.js';
import { ApiError } from '../../shared/errors.js';
import type { Logger } from '../../shared/logger.js';
import { Repetition } from '../../shared/repetition.js';
import type { MessageFilter, Writing } from '../feature.js';
import { filtered } from '../messages/index.js';
import { isInShadow, restrict, shadow } from '../moderation/index.js';
import { insertFilterReport } from '../reports/index.js';
import { appUserId } from '../server-chats/index.js';
import { isSanction } from './filters.schemas.js';
import { shownSettings } from './filters.service.js';
import { Flood } from './flood.js';
import { Rules, type Finding } from './rules.js';

/** How long another node may go on with what was set before. */
const POLL_MS = 500;

/** The filters of this process. It reads from the database what they look for, twice a second; what is set here counts here at once. */
export class MessageFilters implements MessageFilter {
  readonly #statements: Statements;
  readonly #rounds: Repetition;
  readonly #flood = new Flood();
  /** By chat and user, so that for many messages at once it is done once. */
  readonly #sanctioning = new Map<string, Promise<boolean>>();
  /** null: all are off; undefined: nothing has been read yet. */
  #rules: Rules | null | undefined;
  #version = -1;

  constructor(statements: Statements, log: Logger) {
    this.#statements = statements;
    this.#rounds = new Repetition(() => this.#read(), {
      ...{ pauseMs: POLL_MS, log },
      failure: 'could not read what the filters look for; trying on',
    });
  }

  start(): void {
    this.#rounds.startNow();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  get isOff(): boolean {
    return this.#rules === null;
  }

  /** Lets settings count that have been committed. */
  apply(stored: StoredFilters): void {
    if (stored.version <= this.#version) return;
    this.#version = stored.version;
    this.#rules = Rules.of(shownSettings(stored), this.#flood);
  }

  async judge(context: Context, writing: Writing): Promise<((messageId: number) => Promise<void>) | undefined> {
    if (this.#rules === undefined) await this.#read();
    const rules = this.#rules;
    if (!rules || (writing.isByKey && rules.isKeyExempt)) return undefined;
    const finding = rules.findingOf(writing);
    if (!finding) return undefined;
    const { db } = context;
    const { userId, chatId } = writing;
    const standing = await db.inTurn(userId, () => readStanding(db, chatId, userId));
    if (standing?.isGroup && rules.isExempt(standing.role)) return undefined;
    if (finding.outcome.action === 'flag') return (messageId) => report(context, userId, messageId, finding);
    // What has been sent stays so, whatever is looked for since: who repeats it must not believe otherwise.
    if (await writing.wasWritten()) return undefined;
    if (!standing) throw chatDoesNotExist();
    if (!standing.rights.includes('send')) throw refusalOf(standing);
    const isSanctioned = standing.isGroup && (await this.#sanction(context, writing, finding));
    // Its author is not told.
    if (isSanctioned && finding.outcome.action === 'shadow') return undefined;
    throw filtered({ text: finding.outcome.text });
  }

  async #read(): Promise<void> {
    const stored = await this.#statements.filters.after(this.#version);
    if (stored) this.apply(stored);
  }

  /** @returns whether its author is restricted now, or in the shadow. */
  async #sanction(
    context: Context,
    { userId, chatId }: Writing,
    { filter, outcome: { action, seconds = 0 } }: Finding,
  ): Promise<boolean> {
    if (!isSanction(action)) return false;
    const key = `${chatId} ${userId}`;
    const sanctioning =
      this.#sanctioning.get(key) ??
      sanction(context, action, { chatId, userId }, { seconds, reason: `Filter: ${filter}` }).finally(() =>
        this.#sanctioning.delete(key),
      );
    this.#sanctioning.set(key, sanctioning);
    return sanctioning;
  }
}

/** Nothing is done to the owner, and who has left meanwhile writes no more: they are only refused. */
async function sanction(
  context: Context,
  action: 'restrict' | 'shadow',
  target: { readonly chatId: number; readonly userId: number },
  { seconds, reason }: { readonly seconds: number; readonly reason: string },
): Promise<boolean> {
  const { db } = context;
  // A longer one stays.
  if (action === 'shadow' && (await db.inTurn(target.userId, () => isInShadow(db, target)))) return true;
  const until = new Date(Date.now() + seconds * 1000).toISOString();
  const moderator = { userId: await appUserId(db), actor: SYSTEM, isAdmin: true };
  const act = { restrict, shadow }[action];
  try {
    await act(context, moderator, target, { reason, until });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500) throw error;
    return false;
  }
}

/** The message is sent: whatever fails now must not make its author believe otherwise. */
async function report({ db, log }: Context, userId: number, messageId: number, { filter }: Finding): Promise<void> {
  try {
    await db.inTurn(userId, () => insertFilterReport(db, messageId, filter));
  } catch (error) {
    log.warn({ err: error, message_id: messageId }, 'could not report what a filter has found');
  }
}
