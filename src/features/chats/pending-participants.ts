import type { Database } from '../../database/index.js';
import { chatAdvanced, type Publisher } from '../../realtime/index.js';
import type { Logger } from '../../shared/logger.js';
import { lockChat, recordChange } from '../participants/index.js';
import type { ShortUser } from '../users/index.js';
import { participantsAdded } from './chats.events.js';
import { addParticipants, takePending } from './chats.queries.js';

/** How often a process looks for what another one has not brought to its end. */
const SWEEP_MS = 5000;

interface Addition {
  readonly pts: number;
  readonly users: ShortUser[];
  readonly participantCount: number;
}

/** @returns undefined when nobody is left to be added, and null when those of the slice take part already. */
async function addNext(db: Database, creatorId: number, chatId: number): Promise<Addition | null | undefined> {
  return db.inTransaction(creatorId, async (tx) => {
    const pts = (await lockChat(tx, chatId)) + 1;
    const userIds = await takePending(tx, chatId);
    if (!userIds) return undefined;
    // The group was opened with them: what has been written meanwhile is unread.
    const users = await addParticipants(tx, chatId, userIds, null);
    if (users.length === 0) return null;
    const data = { user_ids: users.map(({ id }) => id) };
    const change = { chatId, pts, type: 'participant.added', actorId: creatorId, data } as const;
    return { pts, users, participantCount: await recordChange(tx, change) };
  });
}

/**
 * Adds those who are pending. Each slice is a change of its own.
 * @param pts up to which the caller knows the chat.
 * @returns up to which the caller knows it now: others may have changed the chat in between.
 */
export async function addPending(
  db: Database,
  live: Publisher,
  creatorId: number,
  { id: chatId, pts: known }: { readonly id: number; readonly pts: number },
): Promise<number> {
  for (;;) {
    const addition = await addNext(db, creatorId, chatId);
    if (addition === undefined) return known;
    if (addition === null) continue;
    const { pts, users, participantCount: participant_count } = addition;
    if (pts === known + 1) known = pts;
    live.publish(participantsAdded(chatId, pts, { users, participant_count, actor_id: creatorId }));
    live.tell(
      users.map(({ id }) => id),
      chatAdvanced(chatId, pts),
    );
  }
}

/** Brings to its end what a process that died, or that lost the database, has begun. */
export class PendingSweep {
  readonly #db: Database;
  readonly #live: Publisher;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #sweep: Promise<void> | undefined;

  constructor(db: Database, live: Publisher, log: Logger) {
    this.#db = db;
    this.#live = live;
    this.#log = log;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#sweep = this.#run()
        .catch((error: unknown) => {
          this.#warn(error);
        })
        .then(() => {
          if (this.#timer) this.start();
        });
    }, SWEEP_MS).unref();
  }

  #warn(error: unknown): void {
    this.#log.warn({ err: error }, 'could not add the people of a new group; trying on');
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#sweep;
  }

  async #run(): Promise<void> {
    const chats = await this.#db.$queryRaw<{ id: bigint; creator_id: bigint }[]>`
      select chat.* from (select distinct chat_id from public.pending_participants) pending
      cross join lateral (select id, creator_id from public.chat where id = pending.chat_id offset 0) chat`;
    for (const { id, creator_id } of chats) {
      if (!this.#timer) return;
      // One that fails must not keep the others waiting.
      await addPending(this.#db, this.#live, Number(creator_id), { id: Number(id), pts: 0 }).catch((error: unknown) => {
        this.#warn(error);
      });
    }
  }
}
