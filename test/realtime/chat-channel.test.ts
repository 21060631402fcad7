import { setImmediate as flushed } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChatChannel } from '../../src/realtime/delivery/chat-channel.js';
import { UserChannel } from '../../src/realtime/delivery/user-channel.js';
import { WriteBatcher } from '../../src/realtime/delivery/write-batcher.js';
import { EncodedEvent, type ChatEvent } from '../../src/realtime/protocol/event.js';

/** A chat that stands at pts 1, and people on this node with what each of them has got. */
class World {
  readonly onGap = vi.fn();
  readonly onEmpty = vi.fn();
  readonly #users = new Map<number, UserChannel>();
  readonly #got = new Map<number, string[]>();
  readonly chat = new ChatChannel(7, new WriteBatcher(), this.#users, { onGap: this.onGap, onEmpty: this.onEmpty });

  /** @param pts undefined: the database has not said where it stands. */
  constructor({ pts }: { pts: number | undefined } = { pts: 1 }) {
    if (pts !== undefined) this.chat.jumpTo(pts);
  }

  user(id: number): UserChannel {
    const user = new UserChannel(id, { onGap: () => undefined, hasWelcomed: () => true });
    const got: string[] = [];
    user.listeners.add({
      ...{ userId: id, chats: undefined },
      deliver: ({ events }) => got.push(...events.map(({ text }) => text)),
    });
    this.#users.set(id, user);
    this.#got.set(id, got);
    return user;
  }

  member(id: number): UserChannel {
    const user = this.user(id);
    this.chat.expect(user);
    this.chat.admit(user);
    return user;
  }

  /** Events come, with these pts and nothing else. */
  receive(...pts: number[]): void {
    for (const each of pts) this.happen({ pts: each });
  }

  happen(event: Partial<ChatEvent>): void {
    this.chat.receive(EncodedEvent.of({ type: 'a change', chatId: 7, ...event }));
  }

  /** What the user has got: the pts of the events, or their type where they have none. */
  async got(id: number): Promise<(number | string)[]> {
    await flushed();
    return (this.#got.get(id) ?? []).map((text) => {
      const { pts, type } = JSON.parse(text) as ChatEvent;
      return pts ?? type;
    });
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the events of a chat', () => {
  it('come as they are, in their order', async () => {
    const world = new World();
    world.member(1);
    world.receive(2, 3, 4);
    expect(await world.got(1)).toEqual([2, 3, 4]);
    expect(world.chat.pts).toBe(4);
  });

  it('are put in order when they come in another', async () => {
    const world = new World();
    world.member(1);
    world.receive(4, 3);
    expect(await world.got(1)).toEqual([]);
    world.receive(2, 6, 5);
    expect(await world.got(1)).toEqual([2, 3, 4, 5, 6]);
    vi.runAllTimers();
    expect(world.onGap).not.toHaveBeenCalled();
  });

  it('come once, however often they are published', async () => {
    const world = new World();
    world.member(1);
    world.receive(1, 2, 2, 4, 4, 3, 3, 4, 2);
    expect(await world.got(1)).toEqual([2, 3, 4]);
  });

  it('wait until it is known where the chat stands', async () => {
    const world = new World({ pts: undefined });
    world.member(1);
    world.receive(5, 3, 4, 6);
    expect(await world.got(1)).toEqual([]);
    world.chat.jumpTo(4);
    expect(await world.got(1)).toEqual([5, 6]);
  });

  it('reach everyone; events without a pts come after what happened before them', async () => {
    const world = new World();
    world.member(1);
    world.member(2);
    world.receive(2);
    world.happen({ type: 'typing', exceptUserId: 1 });
    world.receive(3);
    expect(await world.got(1)).toEqual([2, 3]);
    expect(await world.got(2)).toEqual([2, 'typing', 3]);
  });
});

describe('what is not durable', () => {
  it('is not for somebody whose removal is there already, only kept back', async () => {
    const world = new World();
    world.member(1);
    world.member(2);
    world.happen({ pts: 3, removed: [2] });
    world.happen({ type: 'typing' });
    expect(await world.got(1)).toEqual(['typing']);
    expect(await world.got(2)).toEqual([]);
  });
});

describe('a gap', () => {
  it('is told after a while, once', async () => {
    const world = new World();
    world.member(1);
    world.receive(2, 4);
    vi.advanceTimersByTime(299);
    world.receive(5);
    expect(world.onGap).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(world.onGap.mock.calls).toEqual([[world.chat]]);
    vi.runAllTimers();
    expect(world.onGap).toHaveBeenCalledOnce();
    expect(await world.got(1)).toEqual([2]);
  });

  it('is not told when it is filled in time', () => {
    const world = new World();
    world.member(1);
    world.receive(3);
    vi.advanceTimersByTime(299);
    world.receive(2);
    vi.runAllTimers();
    expect(world.onGap).not.toHaveBeenCalled();
  });

  it('is jumped over, to what follows it', async () => {
    const world = new World();
    world.member(1);
    world.receive(3, 5, 6, 8);
    world.chat.jumpTo(4);
    expect(await world.got(1)).toEqual([5, 6]);
    expect(world.chat.pts).toBe(6);
    world.receive(4, 7);
    expect(await world.got(1)).toEqual([5, 6, 7, 8]);
  });

  it('is told at once when too much waits behind it, which is let go', async () => {
    const world = new World();
    world.member(1);
    world.receive(...Array.from({ length: 1001 }, (_, index) => index + 3));
    expect(world.onGap).toHaveBeenCalledOnce();
    world.chat.jumpTo(1003);
    world.receive(1004);
    expect(await world.got(1)).toEqual([1004]);
  });

  it('is never jumped over backwards', async () => {
    const world = new World({ pts: 5 });
    world.member(1);
    world.chat.jumpTo(3);
    expect(world.chat.pts).toBe(5);
    world.receive(5, 6);
    expect(await world.got(1)).toEqual([6]);
  });

  it('leaves a hint to where the chat has come, before what follows it', async () => {
    const world = new World();
    world.member(1);
    world.receive(3, 10, 11);
    world.chat.advanceTo(9);
    expect(await world.got(1)).toEqual([9, 10, 11]);
  });
});

describe('who takes part', () => {
  it('hears of their own removal, and of nothing after it', async () => {
    const world = new World();
    const [one] = [world.member(1), world.member(2)];
    world.receive(2);
    world.happen({ pts: 3, removed: [1] });
    world.receive(4);
    expect(await world.got(1)).toEqual([2, 3]);
    expect(await world.got(2)).toEqual([2, 3, 4]);
    expect(one.chats.size).toBe(0);
  });

  it('is there until the removal, also when that comes too early', async () => {
    const world = new World();
    world.member(1);
    world.member(2);
    world.happen({ pts: 4, removed: [1] });
    world.receive(3, 5, 2);
    expect(await world.got(1)).toEqual([2, 3, 4]);
    expect(await world.got(2)).toEqual([2, 3, 4, 5]);
  });

  it('is there from after their admission, also when what follows it comes earlier', async () => {
    const world = new World();
    world.member(1);
    const two = world.user(2);
    world.receive(2, 4);
    world.happen({ pts: 3, added: [2] });
    world.receive(5);
    expect(await world.got(1)).toEqual([2, 3, 4, 5]);
    expect(await world.got(2)).toEqual([4, 5]);
    expect(two.chats).toEqual(new Set([world.chat]));
  });

  it('comes and goes and comes again within a moment', async () => {
    const world = new World();
    world.member(1);
    world.user(2);
    world.happen({ pts: 2, added: [2] });
    world.receive(3);
    world.happen({ pts: 4, removed: [2] });
    world.receive(5);
    world.happen({ pts: 6, added: [2] });
    world.receive(7);
    expect(await world.got(2)).toEqual([3, 4, 7]);
  });

  it('is not let in by an answer of the database that is older than their removal', async () => {
    const world = new World({ pts: undefined });
    const user = world.user(1);
    world.chat.expect(user);
    world.happen({ pts: 5, removed: [1] });
    expect(world.chat.joining.size).toBe(0);
    expect(user.chats.size).toBe(0);
    expect(world.onEmpty).toHaveBeenCalledOnce();
    world.chat.jumpTo(4);
    expect(await world.got(1)).toEqual([]);
  });

  it('leaves nobody behind at the end', () => {
    const world = new World();
    const [one, two] = [world.member(1), world.user(2)];
    world.chat.expect(two);
    world.chat.remove(one);
    expect(world.onEmpty).not.toHaveBeenCalled();
    world.chat.remove(two);
    expect(world.onEmpty.mock.calls).toEqual([[world.chat]]);
  });
});
