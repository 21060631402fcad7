import { describe, expect, it } from 'vitest';
import { registerMany, uniqueName, type Person, type TestTarget } from '../../support/client.js';
import { postgresUrl } from '../../support/database.js';
import { at, useNodes } from '../../support/nodes.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const subscribe = (socket: Socket, ...people: Person[]) =>
  socket.ask({ type: 'presence.subscribe', user_ids: people.map(({ id }) => id) });
const unseen = ({ id }: Person) => ({ user_id: id, online: false, last_seen_at: null });
const block = async (person: Person, other: Person) => {
  expect((await person.put(`/user/blocks/${other.id}`)).status).toBe(200);
};
const unblock = async (person: Person, other: Person) => {
  expect((await person.delete(`/user/blocks/${other.id}`)).status).toBe(200);
};

/** Two people in a private chat and a group. */
async function pair(target: TestTarget) {
  const [ada, bob] = (await registerMany(target, 2)) as [Person, Person];
  const chatId = await ada.openPrivate(bob);
  await ada.openGroup([bob]);
  return { ada, bob, chatId };
}

describe('two of whom one has blocked the other', () => {
  it('see nobody there from the beginning, in a group as well', async () => {
    const { ada, bob } = await pair(test);
    await Socket.of(bob);
    await block(ada, bob);
    const [adas, bobs] = [await Socket.of(ada), await Socket.of(bob)];
    expect((await subscribe(adas, bob)).data).toEqual([unseen(bob)]);
    expect((await subscribe(bobs, ada)).data).toEqual([unseen(ada)]);
    expect((await subscribe(bobs, bob)).data).toMatchObject([{ user_id: bob.id, online: true }]);
  });

  it('are told that nobody is there any more, once, and how it is when the block has gone', async () => {
    const { ada, bob } = await pair(test);
    const [adas, bobs] = [await Socket.of(ada), await Socket.of(bob)];
    expect((await subscribe(adas, bob)).data).toMatchObject([{ online: true }]);
    expect((await subscribe(bobs, ada)).data).toMatchObject([{ online: true }]);
    await block(ada, bob);
    expect((await adas.take('presence')).data).toEqual(unseen(bob));
    expect((await bobs.take('presence')).data).toEqual(unseen(ada));
    await block(bob, ada);
    await unblock(ada, bob);
    expect((await bobs.rest()).filter(({ type }) => type === 'presence')).toEqual([]);
    await unblock(bob, ada);
    expect((await adas.take('presence')).data).toMatchObject({ user_id: bob.id, online: true });
    expect((await bobs.take('presence')).data).toMatchObject({ user_id: ada.id, online: true });
  });

  it('are not told when the other comes', async () => {
    const { ada, bob } = await pair(test);
    const eve = (await registerMany(test, 1))[0]!;
    await ada.openPrivate(eve);
    const adas = await Socket.of(ada);
    await subscribe(adas, bob, eve);
    await block(bob, ada);
    expect((await adas.take('presence')).data).toEqual(unseen(bob));
    await Socket.of(bob);
    await Socket.of(eve);
    expect((await adas.take('presence')).data).toMatchObject({ user_id: eve.id, online: true });
    expect((await adas.rest()).filter(({ type }) => type === 'presence')).toEqual([]);
  });

  it('are not told that the other is typing', async () => {
    const { ada, bob, chatId } = await pair(test);
    const [adas, bobs] = [await Socket.of(ada), await Socket.of(bob)];
    await block(ada, bob);
    for (const socket of [adas, bobs]) {
      socket.send({ type: 'typing', chat_id: chatId });
      await socket.rest();
    }
    for (const socket of [adas, bobs]) expect(await socket.rest()).toEqual([]);
  });

  it('are told of typing again afterwards', async () => {
    const { ada, bob, chatId } = await pair(test);
    const [adas, bobs] = [await Socket.of(ada), await Socket.of(bob)];
    await block(ada, bob);
    await unblock(ada, bob);
    bobs.send({ type: 'typing', chat_id: chatId });
    expect((await adas.take('typing')).data).toEqual({ user_id: bob.id });
  });
});

const redisUrl = process.env.TEST_REDIS_URL;

describe.skipIf(!postgresUrl || !redisUrl)('on two nodes (needs TEST_DATABASE_URL and TEST_REDIS_URL)', () => {
  const prefix = `${uniqueName()}:`;
  const nodes = useNodes(() => ({ kind: 'redis', urls: [redisUrl!], prefix }));

  it('a block on one is known on the other', async () => {
    const { ada, bob, chatId } = await pair(nodes.one);
    const [adas, bobs] = [await Socket.of(ada), await Socket.of(at(nodes.other, bob))];
    expect((await subscribe(bobs, ada)).data).toMatchObject([{ online: true }]);
    await block(ada, bob);
    expect((await bobs.take('presence')).data).toEqual(unseen(ada));
    bobs.send({ type: 'typing', chat_id: chatId });
    await bobs.rest();
    expect((await adas.rest()).filter(({ type }) => type === 'typing')).toEqual([]);
    await unblock(ada, bob);
    expect((await bobs.take('presence')).data).toMatchObject({ user_id: ada.id, online: true });
  });
});
