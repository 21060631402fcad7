import { describe, expect, it } from 'vitest';
import { memoryCluster } from '../../src/cluster/index.js';
import { MemoryBroker } from '../../src/cluster/memory-cluster.js';
import type { Channel, EncodedEvent } from '../../src/realtime/index.js';
import type { Join, OwnMemberships } from '../../src/realtime/store.js';
import { useApp } from '../support/app.js';
import { at } from '../support/nodes.js';
import { registerMany, type Person } from '../support/client.js';
import { CHAT, Gate, Node } from './node.js';

const ADDED = { type: 'participant.added', chatId: CHAT, added: [2] };
const REMOVED = { type: 'participant.removed', chatId: CHAT, removed: [2] };

function created(pts: number) {
  return { type: 'chat.created', chatId: CHAT, pts, role: 'welcome' as const };
}

/** User 1 is in the chat from the beginning, user 2 is not. */
function membershipsOf(userId: number): Promise<OwnMemberships> {
  return Promise.resolve({ mePts: 0, chats: userId === 1 ? [{ userId, chatId: CHAT, pts: 1 }] : [] });
}

describe('a user who is added to a chat', () => {
  it('is told of it once, by the word to them', async () => {
    const joins: Join[] = [];
    const check = (pairs: readonly { userId: number; chatId: number }[]) =>
      Promise.resolve(pairs.map((pair) => ({ ...pair, pts: 2 })));
    const node = new Node({ store: { membershipsOf, check, joinsAfter: () => Promise.resolve(joins) } });
    await node.openFor(1);
    const { wire } = await node.openFor(2);
    joins.push({ order: 1, userId: 2, chatId: CHAT });
    node.realtime.publish({ ...ADDED, pts: 2 });
    node.realtime.publishToUsers([2], created(2));
    // The healing has compared more than once by then.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(wire.frames.filter(({ chat_id }) => chat_id === CHAT)).toEqual([
      { type: 'chat.created', chat_id: CHAT, pts: 2 },
    ]);
  });

  it('is told of it when the word to them is lost, and only the others have heard of it', async () => {
    const joins: Join[] = [];
    const node = new Node({ store: { membershipsOf, joinsAfter: () => Promise.resolve(joins) } });
    await node.openFor(1);
    const { wire } = await node.openFor(2);
    // The process that added them was killed before it could tell them.
    joins.push({ order: 1, userId: 2, chatId: CHAT });
    node.realtime.publish({ ...ADDED, pts: 2 });
    await expect
      .poll(() => wire.frames, { timeout: 10_000 })
      .toContainEqual({ type: 'chat.advanced', chat_id: CHAT, pts: 2 });
    node.publish(3);
    await expect.poll(() => wire.frames.at(-1)).toMatchObject({ type: 'message.created', pts: 3 });
  });

  it('is told to sync when their own marks in it came before the chat, which does not have them', async () => {
    const check = (pairs: readonly { userId: number; chatId: number }[]) =>
      Promise.resolve(pairs.map((pair) => ({ ...pair, pts: 2 })));
    const node = new Node({ store: { membershipsOf, check } });
    const { wire } = await node.openFor(2);
    // Another device of theirs has found the chat, and reads in it, while the word of it is still on its way.
    node.realtime.publishOwn(2, { type: 'chat.read_mark', mePts: 1, chatId: CHAT, data: { last_read_message_id: 5 } });
    node.realtime.publishToUsers([2], created(2));
    await expect.poll(() => wire.frames.at(-1)).toEqual({ type: 'chat.advanced', chat_id: CHAT, pts: 2 });
    expect(wire.frames.map(({ type }) => type)).not.toContain('chat.created');
    // The next chat of theirs is told as ever, and so is this one when they are added again.
    node.realtime.publishOwn(2, { type: 'chat.read_mark', mePts: 2, chatId: CHAT, data: { last_read_message_id: 6 } });
    node.realtime.publish({ ...REMOVED, pts: 3 });
    node.realtime.publishToUsers([2], created(4));
    await expect.poll(() => wire.frames.at(-1)).toEqual({ type: 'chat.created', chat_id: CHAT, pts: 4 });
  });

  it('is told of it when the word of an earlier removal comes only then', async () => {
    const gate = new Gate();
    const check = async (pairs: readonly { userId: number; chatId: number }[]) => {
      await gate.opened;
      return pairs.map((pair) => ({ ...pair, pts: 11 }));
    };
    const node = new Node({ store: { membershipsOf, check } });
    const { wire } = await node.openFor(2);
    node.realtime.publishToUsers([2], created(11));
    await expect.poll(() => node.broker.channels.has(`chat:${CHAT}`)).toBe(true);
    node.realtime.publish({ ...REMOVED, pts: 10 });
    gate.open();
    await expect.poll(() => wire.frames.at(-1)).toEqual({ type: 'chat.created', chat_id: CHAT, pts: 11 });
  });
});

/** Remembers what is published. */
class RecordingBroker extends MemoryBroker {
  readonly published: [Channel, EncodedEvent][] = [];

  override publish(channel: Channel, event: EncodedEvent): void {
    this.published.push([channel, event]);
    super.publish(channel, event);
  }
}

describe('a change of what is one user’s alone', () => {
  const test = useApp();

  it('says to the nodes which chat it is about', async () => {
    const broker = new RecordingBroker();
    const node = await test.another({}, { cluster: { ...memoryCluster(), broker } });
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    const { id } = await ada.send(chatId, 'hello');
    await at(node, bob).post(`/chat/${chatId}/read`, { message_id: id });
    await at(node, bob).patch(`/chat/${chatId}/settings`, { pinned: true });
    const own = broker.published.filter(([, { head }]) => head.mePts !== undefined);
    expect(own.map(([channel, { head }]) => [channel, head])).toEqual([
      [`user:${bob.id}`, { mePts: 1, chatId }],
      [`user:${bob.id}`, { mePts: 2, chatId }],
    ]);
  });
});
