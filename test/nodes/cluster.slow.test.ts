import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RedisBroker } from '../../src/cluster/redis/redis-broker.js';
import { checkedLog } from '../support/checked-log.js';
import { connectRedis } from '../../src/cluster/redis/redis-connections.js';
import { registerMany, type Person } from '../support/client.js';
import { at, useNodes } from '../support/nodes.js';
import { redisVersion, useRedisCluster } from '../support/broker-services.js';
import { Socket } from '../support/socket.js';

describe.skipIf(redisVersion < 7)('nodes on a Redis cluster (needs redis-server 7)', () => {
  const own = useRedisCluster();
  const nodes = useNodes(() => ({ urls: own.urls, kind: 'redis-cluster' as const, prefix: 'test:' }));

  it('tell each other what happens, on whichever shard a channel is', async () => {
    const [ada, bob] = (await registerMany(nodes.one, 2)) as [Person, Person];
    const socket = await Socket.of(at(nodes.other, bob));
    // The channels of so many chats are on every shard.
    for (let round = 0; round < 20; round++) {
      const chatId = await ada.openGroup([bob]);
      expect(await socket.take('chat.created')).toMatchObject({ chat_id: chatId, pts: 1 });
      const { id } = await ada.send(chatId, 'hello');
      expect(await socket.take('message.created')).toMatchObject({ chat_id: chatId, pts: 2, data: { id } });
    }
    expect(await socket.rest()).toEqual([]);
  });

  it('let nobody hear of a chat who was removed', async () => {
    const [ada, bob] = (await registerMany(nodes.one, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    const [kept, removed] = [await Socket.of(at(nodes.other, ada)), await Socket.of(at(nodes.other, bob))];
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    expect(await removed.take('participant.removed')).toMatchObject({ chat_id: chatId, pts: 2 });
    await ada.send(chatId, 'among us');
    await kept.take('message.created');
    expect(await removed.rest()).toEqual([]);
  });

  it('ask once for what many listen to', async () => {
    const log = checkedLog;
    const redis = connectRedis({ urls: own.urls, kind: 'redis-cluster' as const, prefix: 'test:' }, log);
    onTestFinished(() => {
      redis.close();
    });
    const asked = vi.spyOn(redis.subscriber, 'ssubscribe');
    const broker = new RedisBroker(redis, log);
    for (let count = 0; count < 3; count++) await broker.subscribe(['presence:1', 'presence:2']);
    expect(asked).toHaveBeenCalledTimes(2);
    broker.unsubscribe(['presence:1']);
    await broker.subscribe(['presence:1', 'presence:2']);
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('say who is there', async () => {
    const [ada, bob] = (await registerMany(nodes.one, 2)) as [Person, Person];
    await ada.openPrivate(bob);
    const watcher = await Socket.of(at(nodes.other, ada));
    const answer = await watcher.ask({ type: 'presence.subscribe', user_ids: [bob.id] });
    expect(answer.data).toMatchObject([{ user_id: bob.id, online: false }]);
    await Socket.of(bob);
    expect((await watcher.take('presence')).data).toMatchObject({ user_id: bob.id, online: true });
  });
});
