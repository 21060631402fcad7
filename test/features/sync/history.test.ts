import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatWithParticipants, Message, SyncAnswer } from '../../faults/client/protocol.js';
import { rotateEpoch } from '../../../src/database/index.js';
import { Replica } from '../../faults/client/replica.js';
import { useApp } from '../../support/app.js';
import { registerMany, type Answer, type Person } from '../../support/client.js';
import { insertMessages } from '../../support/insert-messages.js';

const test = useApp();

/** How far the user has read in a chat. */
interface Mark {
  readonly last_read_message_id: number | null;
  readonly unread_count: number;
}

type Synced = SyncAnswer & {
  readonly joined: readonly Mark[];
  readonly chats: readonly Mark[];
};

const PAGE = 100;

/** A client that learns of everything but what it does itself by sync, as docs/realtime.md has it. */
class SyncClient {
  readonly replica = new Replica();
  readonly marks = new Map<number, Mark>();
  /** Of each chat; undefined in a group. */
  readonly peers = new Map<number, number | undefined>();
  /** Chats of which the messages have not been read yet. */
  readonly unloaded = new Set<number>();

  constructor(readonly person: Person) {}

  /** One request. @returns whether there is more. */
  async sync(): Promise<boolean> {
    const reads = [...this.marks].flatMap(([id, mark]) =>
      mark.last_read_message_id === null ? [] : [[id, mark.last_read_message_id]],
    );
    const asked = { ...this.replica.positions(), reads: Object.fromEntries(reads) as Record<string, number> };
    const { status, body } = await this.person.post('/sync', asked);
    expect(status).toBe(200);
    const answer = body as Synced;
    this.#take(answer);
    return answer.has_more || answer.chats.some(({ has_more }) => has_more);
  }

  /** Reads a chat that is new; it may have moved on since the sync. */
  async load(chatId: number): Promise<void> {
    this.unloaded.delete(chatId);
    const held = this.replica.chats.get(chatId);
    if (!held) return;
    const { status, body } = await this.person.get(`/chat/${chatId}`);
    if (status === 404) {
      // Left meanwhile. Were its position kept, then whoever is added again would get only what came after it.
      this.replica.chats.delete(chatId);
      this.marks.delete(chatId);
      return;
    }
    expect(status).toBe(200);
    held.name = (body as ChatWithParticipants).name;
    held.participantCount = (body as ChatWithParticipants).participant_count;
    held.participants.clear();
    for (const { id } of (body as ChatWithParticipants).participants) held.participants.add(id);
    held.messages.clear();
    for (let cursor = ''; ;) {
      const page = await this.person.get(`/chat/${chatId}/messages?limit=${PAGE}${cursor}`);
      expect(page.status).toBe(200);
      const messages = page.body.messages as Message[];
      for (const { id, contents, author_id } of messages) held.messages.set(id, { contents, authorId: author_id });
      if (messages.length < PAGE) return;
      cursor = `&cursor=${messages.at(-1)!.id}`;
    }
  }

  async catchUp(): Promise<void> {
    while (await this.sync());
    for (const chatId of this.unloaded) await this.load(chatId);
  }

  state() {
    return [...this.replica.chats.values()]
      .sort((a, b) => a.id - b.id)
      .map(({ messages, participants, ...chat }) => ({
        ...chat,
        ...this.marks.get(chat.id),
        peer: this.peers.get(chat.id),
        participants: [...participants].sort((a, b) => a - b),
        messages: [...messages].sort(([a], [b]) => a - b),
      }));
  }

  #take({ epoch, joined, left, chats }: Synced): void {
    this.replica.startEpoch(epoch);
    for (const chatId of left) this.replica.chats.delete(chatId);
    for (const { id, name, pts, peer, participant_count: participantCount, ...mark } of joined) {
      this.replica.chats.set(id, { id, name, pts, participants: new Set(), participantCount, messages: new Map() });
      this.peers.set(id, peer?.id);
      this.unloaded.add(id);
      this.#keepMark(id, mark);
    }
    for (const { chat_id, pts, too_long, changes, ...mark } of chats) {
      if (too_long) this.unloaded.add(chat_id);
      for (const change of changes) this.replica.apply(chat_id, change);
      this.replica.chats.get(chat_id)!.pts = pts;
      this.#keepMark(chat_id, mark);
    }
    for (const id of [...this.marks.keys()]) if (!this.replica.chats.has(id)) this.marks.delete(id);
  }

  #keepMark(chatId: number, { last_read_message_id, unread_count }: Mark): void {
    this.marks.set(chatId, { last_read_message_id, unread_count });
  }

  /** Reads on this device, which keeps what it is answered. */
  async read(chatId: number, message_id: number): Promise<void> {
    const { status, body } = await this.person.post(`/chat/${chatId}/read`, { message_id });
    if (status === 200 && this.replica.chats.has(chatId)) this.#keepMark(chatId, body as Mark);
  }
}

/** How often each kind of step comes. */
const WEIGHTS = {
  send: 12,
  edit: 6,
  delete: 6,
  read: 5,
  'read elsewhere': 3,
  rename: 2,
  add: 5,
  remove: 2,
  leave: 2,
  'open a group': 2,
  'open a private chat': 2,
  'many sends': 1,
  'rotate the epoch': 1,
  sync: 8,
  load: 4,
};

const kind = fc.oneof(
  ...Object.entries(WEIGHTS).map(([name, weight]) => ({
    arbitrary: fc.constant(name as keyof typeof WEIGHTS),
    weight,
  })),
);

/** Something that somebody does, with numbers that stand for who, where, and to which message or whom. */
const step = fc.record({ what: kind, who: fc.nat(), where: fc.nat(), which: fc.nat() });
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function pick<T>(items: readonly T[], number: number): T | undefined {
  return items[number % items.length];
}

/** Three people with a device each, and what they do. */
class History {
  readonly #chats: number[] = [];
  readonly #messages = new Map<number, number[]>();

  constructor(readonly clients: readonly SyncClient[]) {}

  async take({ what, who, where, which }: Step): Promise<void> {
    const client = pick(this.clients, who)!;
    const { person } = client;
    const target = pick(this.clients, which)!.person;
    if (what === 'sync') await client.sync();
    else if (what === 'rotate the epoch') await rotateEpoch(test.db);
    else if (what === 'open a group') {
      this.#opened(await person.post('/chat/group/create', { with_ids: [target.id], name: 'a group' }));
    } else if (what === 'open a private chat') {
      this.#opened(await person.post('/chat/private/create', { with_user_id: target.id }));
    }
    const chatId = pick(this.#chats, where);
    if (chatId === undefined) return;
    const url = `/chat/${chatId}`;
    const messages = this.#messages.get(chatId) ?? [];
    const messageId = pick(messages, which);
    if (what === 'send') {
      const { status, body } = await person.post(`${url}/message`, { contents: `text ${which}` });
      if (status === 200) messages.push(body.id);
    } else if (what === 'many sends') {
      await insertMessages(test, chatId, person, (which % 5) * 150 + 150);
    } else if (what === 'rename') {
      await person.patch(url, { name: `name ${which}` });
    } else if (what === 'add') {
      await person.post(`${url}/participants`, { user_ids: [target.id] });
    } else if (what === 'remove') {
      await person.delete(`${url}/participants/${target.id}`);
    } else if (what === 'leave') {
      await person.delete(`${url}/participants/${person.id}`);
    } else if (what === 'load') {
      if (client.unloaded.has(chatId)) await client.load(chatId);
    } else if (messageId !== undefined) {
      if (what === 'edit') await person.patch(`/message/${messageId}`, { contents: `edited ${which}` });
      if (what === 'delete') await person.delete(`/message/${messageId}`);
      if (what === 'read') await client.read(chatId, messageId);
      if (what === 'read elsewhere') await new SyncClient(person).read(chatId, messageId);
    }
  }

  #opened({ status, body }: Answer): void {
    if (status !== 200) return;
    this.#chats.push(body.id);
    this.#messages.set(body.id, []);
  }
}

describe('after any history', () => {
  it('what was kept, with what syncs have brought, is what a new client gets', { timeout: 120_000 }, async () => {
    const opening: Step[] = [{ what: 'open a group', who: 0, where: 0, which: 1 }];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), async (steps) => {
        const clients = (await registerMany(test, 3)).map((person) => new SyncClient(person));
        const history = new History(clients);
        for (const each of [...opening, ...steps]) await history.take(each);
        for (const client of clients) {
          const fresh = new SyncClient(client.person);
          await Promise.all([client.catchUp(), fresh.catchUp()]);
          expect(client.state()).toEqual(fresh.state());
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it('a chat that was left and joined again before it had been read comes whole', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    await ada.send(chatId, 'of before');
    const device = new SyncClient(bob);
    await device.sync();
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    await device.load(chatId);
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
    await device.catchUp();
    const fresh = new SyncClient(bob);
    await fresh.catchUp();
    expect(device.state()).toEqual(fresh.state());
  });

  it('a first read on another device is found as well', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    const { id } = await ada.send(chatId, 'hello');
    const [device, another] = [new SyncClient(bob), new SyncClient(bob)];
    await device.catchUp();
    await another.read(chatId, id);
    await device.catchUp();
    expect(device.marks.get(chatId)).toEqual({ last_read_message_id: id, unread_count: 0 });
  });
});
