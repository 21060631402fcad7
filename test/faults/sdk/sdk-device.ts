import { setTimeout as sleep } from 'node:timers/promises';
import type { OutboxItem, Step } from '../../../sdk/src/held.js';
import { MessengerClient } from '../../../sdk/src/messenger-client.js';
import { MessengerError } from '../../../sdk/src/messenger-error.js';
import type { Store } from '../../../sdk/src/store.js';
import { TIMING, type Timing } from '../../../sdk/src/timing.js';
import type { DeviceKind } from '../../client/device.js';
import { Journal } from '../../client/journal.js';
import type { HeldChat } from '../../client/replica.js';
import type { Device } from '../load/device.js';
import type { Person } from '../load/person.js';
import type { Surroundings } from '../load/world.js';
import { deviceSocket } from './device-socket.js';
import { Network } from './network.js';
import type { OutboxRecord } from './outbox-record.js';
import { ALL, checkShown, heldChat, shownChats } from './shown.js';
import { StepJournal } from './step-journal.js';
import { watchedStore } from './watched-store.js';

/** As in life, but a run has more interruptions in a minute than life has in a month. */
const QUICK: Timing = {
  ...TIMING,
  backoffFirstMs: 50,
  backoffLongestMs: 1000,
  openTimeoutMs: 3000,
  answerTimeoutMs: 8000,
  socketRetryMs: 1000,
  tokenFirstMs: 50,
  tokenLongestMs: 1000,
  resyncSpreadMs: 1000,
};
const TRY_AGAIN_MS = 200;
/** Of a chat whose participants do not come, the checker says so. */
const TRIES = 50;
const NEVER_MS = 2 ** 31;

/** Messages of the user's own that a device has, by their client_id. */
type Own = Map<string, number>;

/** A page of somebody's with `messenger-client` in it. */
export class SdkDevice implements Device {
  readonly journal = new Journal();
  readonly #steps = new StepJournal(this.journal);
  readonly #own: Own = new Map();
  readonly #waiting = new Map<string, OutboxItem>();
  #network: Network | undefined;
  #client: MessengerClient | undefined;
  #page = new AbortController();
  /** Ends the look at the chat that is open. */
  #leaveChat: (() => void) | undefined;
  #shown: { readonly lists: unknown; readonly chats: ReadonlyMap<number, HeldChat> } | undefined;

  constructor(
    readonly name: string,
    readonly kind: DeviceKind,
    readonly owner: Person,
    readonly store: Store,
    readonly record: OutboxRecord,
    readonly surroundings: Surroundings,
  ) {}

  get client(): MessengerClient {
    return this.#client!;
  }

  get replica() {
    return { chats: this.#chats(), mePts: this.#steps.mePts };
  }

  get isReading(): boolean {
    return this.#network?.isReading ?? false;
  }

  get isAtRest(): boolean {
    const isOnline = this.#client?.connection.getSnapshot().state === 'online';
    return isOnline && this.client.outbox.getSnapshot().every(({ state }) => state === 'failed');
  }

  start(): void {
    const { servers, random } = this.surroundings;
    const page = (this.#page = new AbortController());
    const network = (this.#network = new Network(this.kind, servers, random, {
      journal: this.journal,
      asked: (request) => this.record.asked(request),
      answered: (request, answer) => {
        this.record.answered(request, answer);
      },
      synced: (answer) => {
        this.#steps.expect(answer);
      },
    }));
    const watcher = {
      loaded: (stored: Parameters<StepJournal['begin']>[0]) => {
        this.#steps.begin(stored);
      },
      written: (steps: readonly Step[]) => {
        this.#written(steps);
      },
    };
    const client = new MessengerClient(
      {
        url: network.url,
        getToken: () => this.owner.token,
        WebSocket: deviceSocket(network),
        store: watchedStore(this.store, watcher, page.signal),
        account: String(this.owner.id),
        onError: (error) => this.journal.surprises.push(String(error)),
      },
      QUICK,
    );
    this.#client = client;
    const asking = new Set<number>();
    client.chats.subscribe(() => {
      this.#askForParticipants(client, asking);
    });
  }

  stop(): void {
    this.#page.abort();
    this.#network?.down(NEVER_MS);
    this.#client?.close();
  }

  leave(ms: number): void {
    this.#network?.down(ms);
  }

  freeze(ms: number): Promise<void> {
    return this.#network?.freeze(ms) ?? Promise.resolve();
  }

  reload(): void {
    this.stop();
    this.#leaveChat = undefined;
    this.start();
  }

  /** The user looks at a chat, until they look at another one. */
  look(chatId: number): void {
    const chat = this.client.chat(chatId);
    const nothing = () => undefined;
    const ends = [chat.messages().subscribe(nothing), chat.participants.subscribe(nothing)];
    this.#leaveChat?.();
    this.#leaveChat = () => {
      for (const end of ends) end();
    };
  }

  async readAll(): Promise<void> {
    const { client } = this;
    for (const { chatId, key } of client.outbox.getSnapshot()) client.chat(chatId).discard(key);
    for (const { id } of shownChats(client)) {
      const chat = client.chat(id);
      const end = chat.participants.subscribe(() => undefined);
      await again(() => chat.messages().loadOlder(ALL));
      for (let tries = 0; !chat.participants.getSnapshot() && tries < TRIES; tries++) await sleep(TRY_AGAIN_MS);
      end();
    }
    this.journal.surprises.push(...checkShown(client));
  }

  #chats(): ReadonlyMap<number, HeldChat> {
    if (!this.#client) return new Map();
    const client = this.#client;
    const lists = client.chats.getSnapshot();
    if (this.#shown?.lists !== lists) {
      const chats = new Map(shownChats(client).map((chat) => [chat.id, heldChat(client, chat)]));
      this.#shown = { lists, chats };
    }
    return this.#shown.chats;
  }

  /** Of each chat once, as soon as it is there; changes bring whatever comes later. */
  #askForParticipants(client: MessengerClient, asking: Set<number>): void {
    for (const { id, participants } of shownChats(client)) {
      if (participants || asking.has(id)) continue;
      asking.add(id);
      const view = client.chat(id).participants;
      const end = view.subscribe(() => {
        if (!view.getSnapshot()) return;
        asking.delete(id);
        end();
      });
    }
  }

  #written(steps: readonly Step[]): void {
    this.#steps.take(steps);
    for (const step of steps) {
      if (step.type === 'message') this.#keepOwn([step.message]);
      else if (step.type === 'range' || step.type === 'page') this.#keepOwn(step.messages);
      else if (step.type === 'wait') {
        this.#waiting.set(step.item.key, step.item);
        if (step.item.state === 'failed') this.record.failed(step.item);
      } else if (step.type === 'settle') {
        const item = this.#waiting.get(step.key);
        this.#waiting.delete(step.key);
        if (item) this.record.settled(item, this.#own.get(item.key));
      }
    }
  }

  #keepOwn(messages: readonly { id: number; author_id: number; client_id?: string | undefined }[]): void {
    for (const { id, author_id, client_id } of messages) {
      if (author_id === this.owner.id && client_id !== undefined) this.#own.set(client_id, id);
    }
  }
}

async function again(task: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await task();
      return;
    } catch (error) {
      if (!(error instanceof MessengerError) || !error.isTemporary) throw error;
      await sleep(TRY_AGAIN_MS);
    }
  }
}
