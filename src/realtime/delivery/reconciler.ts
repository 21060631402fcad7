import type { Logger } from '../../shared/logger.js';
import { measureGap } from '../../shared/metrics.js';
import { Repetition } from '../../shared/repetition.js';
import type { Join, Store } from '../store.js';
import type { ChatChannel } from './chat-channel.js';
import type { Hub } from './hub.js';
import { Rounds } from './rounds.js';
import type { UserChannel } from './user-channel.js';

const TICK_MS = 1500;
/** How many chats are compared in a tick: the more a node listens to, the longer a round through all of them takes. */
const CHATS_PER_TICK = 20_000;
/** How many users are looked up in a tick. */
const USERS_PER_TICK = 5000;
/** How many are healed at the same time. */
const HEALED_AT_ONCE = 8;
/** Joins are numbered when they begin. Within this time each is committed, or it never will be. */
const JOIN_OVERLAP_MS = 30_000;
const MAX_JOINS = 10_000;

interface ReconcilerCallbacks {
  /** Nothing that the node knows of the chats is true any more. */
  readonly onRestored: () => void;
  /** These users do not exist any more. */
  readonly onGone: (userIds: ReadonlySet<number>) => void;
}

/**
 * Regularly compares what this node has received with the database: a process may be killed between commit and
 * publishing, and a broker may lose events. What was missed is announced some seconds late.
 */
export class Reconciler {
  readonly #hub: Hub;
  readonly #store: Store;
  readonly #callbacks: ReconcilerCallbacks;
  readonly #ticks: Repetition;
  readonly #chats = new Rounds<ChatChannel>(CHATS_PER_TICK);
  readonly #users = new Rounds<UserChannel>(USERS_PER_TICK);
  #suspects = new Set<ChatChannel>();
  #suspectUsers = new Set<UserChannel>();
  /** The last join that was there, by when it was looked up. */
  readonly #joins: { readonly at: number; readonly order: number }[] = [];
  /** Users who had joined a tick ago and have not been told. */
  #unannounced: readonly Join[] = [];
  #epoch: string | undefined;

  constructor(hub: Hub, store: Store, log: Logger, callbacks: ReconcilerCallbacks) {
    this.#hub = hub;
    this.#store = store;
    this.#callbacks = callbacks;
    const failure = 'could not compare with the database; trying on';
    this.#ticks = new Repetition(() => this.#tick(), { pauseMs: TICK_MS, log, failure });
  }

  /** What it compares with is read at once, before clients connect. */
  start(): void {
    this.#ticks.startNow();
  }

  /** Settles when the comparison that is under way has ended. */
  stop(): Promise<void> {
    return this.#ticks.stop();
  }

  async #tick(): Promise<void> {
    await this.#compareEpoch();
    await this.#comparePositions();
    await this.#welcomeJoined();
    await this.#compareOwnLogs();
  }

  async #compareEpoch(): Promise<void> {
    const epoch = await this.#store.epoch();
    if (this.#epoch !== undefined && this.#epoch !== epoch) this.#callbacks.onRestored();
    this.#epoch = epoch;
  }

  async #comparePositions(): Promise<void> {
    const chats = new Map(
      [...this.#suspects, ...this.#chats.next(() => this.#hub.chats.values())].map((chat) => [chat.id, chat]),
    );
    const before = this.#suspects;
    this.#suspects = new Set();
    if (chats.size === 0) return;
    const behind: ChatChannel[] = [];
    for (const { chatId, pts } of await this.#store.positions([...chats.keys()])) {
      const chat = chats.get(chatId);
      if (chat?.pts === undefined || this.#hub.chats.get(chatId) !== chat || chat.pts >= pts) continue;
      // An event that is missing now may be on its way. An event that was missing a tick ago is not.
      if (before.has(chat) && chat.suspectPts !== undefined && chat.pts < chat.suspectPts) {
        behind.push(chat);
      } else {
        chat.suspectPts = pts;
        this.#suspects.add(chat);
      }
    }
    while (behind.length > 0) {
      await Promise.all(behind.splice(0, HEALED_AT_ONCE).map((chat) => measureGap('chat', () => this.#hub.heal(chat))));
    }
  }

  /**
   * Compares the users' own logs, as it does the chats. It also finds users who have been deleted, and closes their
   * connections.
   */
  async #compareOwnLogs(): Promise<void> {
    const before = this.#suspectUsers;
    const users = new Map(
      [...before, ...this.#users.next(() => this.#hub.users.values())].map((user) => [user.id, user]),
    );
    this.#suspectUsers = new Set();
    if (users.size === 0) return;
    for (const { userId, mePts } of await this.#store.ownPositions([...users.keys()])) {
      const user = users.get(userId);
      users.delete(userId);
      if (user?.mePts === undefined || this.#hub.users.get(userId) !== user || user.mePts >= mePts) continue;
      if (before.has(user) && user.suspectMePts !== undefined && user.mePts < user.suspectMePts) {
        await measureGap('user', () => {
          user.advanceTo(mePts);
        });
      } else {
        user.suspectMePts = mePts;
        this.#suspectUsers.add(user);
      }
    }
    if (users.size > 0) this.#callbacks.onGone(new Set(users.keys()));
  }

  /** Users of this node who were added to a chat and have not been told. */
  async #welcomeJoined(): Promise<void> {
    // A tick ago the event may have been on its way. Now it is not.
    const isUnknown = ({ userId, chatId }: Join): boolean => {
      return this.#hub.users.has(userId) && !this.#hub.hasWelcomed(userId, chatId);
    };
    const missed = this.#unannounced.filter(isUnknown);
    await Promise.all(missed.map(({ userId, chatId }) => measureGap('join', () => this.#hub.welcome(userId, chatId))));
    this.#unannounced = [];
    const now = Date.now();
    while (this.#joins.length > 1 && now - (this.#joins[1]?.at ?? now) > JOIN_OVERLAP_MS) this.#joins.shift();
    const [oldest] = this.#joins;
    if (!oldest) {
      this.#joins.push({ at: now, order: await this.#store.lastJoin() });
      return;
    }
    const joins = await this.#store.joinsAfter(oldest.order, MAX_JOINS);
    const order = joins.at(-1)?.order ?? oldest.order;
    // A full page is not everything: the next tick goes on after it.
    if (joins.length === MAX_JOINS) this.#joins.splice(0, this.#joins.length, { at: now, order });
    else this.#joins.push({ at: now, order });
    this.#unannounced = joins.filter(isUnknown);
  }
}
