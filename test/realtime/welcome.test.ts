import { describe, expect, it } from 'vitest';
import type { Join, OwnMemberships } from '../../src/realtime/store.js';
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

describe('whoever is added to a chat', () => {
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
