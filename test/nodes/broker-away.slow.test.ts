import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BROKER_KINDS } from '../faults/processes/broker-service.js';
import { registerMany, type Person } from '../support/client.js';
import { isInstalled, useBrokerService } from '../support/broker-services.js';
import { at, useNodes } from '../support/nodes.js';
import { Socket } from '../support/socket.js';

/** A silent connection counts as lost after at most ten seconds. */
const SOON = { timeout: 12_000, interval: 100 };

for (const kind of BROKER_KINDS)
  describe.skipIf(!isInstalled[kind])(`while ${kind} is away (needs ${kind}-server)`, () => {
    const own = useBrokerService(kind);
    const nodes = useNodes(() => ({ kind, urls: [own.service.url], prefix: 'test:' }));

    it('sends are acknowledged, events reach everybody, and after its return as before', async () => {
      const [ada, bob, eve] = (await registerMany(nodes.one, 3)) as [Person, Person, Person];
      const chatId = await ada.openGroup([bob, eve]);
      const [near, far] = [await Socket.of(bob), await Socket.of(at(nodes.other, eve))];
      await ada.send(chatId, 'before');
      for (const socket of [near, far]) await socket.take('message.created');

      await own.service.stop();
      const missed = await Promise.all(
        Array.from({ length: 20 }, (_, index) => ada.send(chatId, `meanwhile ${index}`)),
      );
      const pts = Math.max(...missed.map((message) => message.pts));
      expect((await near.takeMany('message.created', missed.length)).at(-1)?.pts).toBe(pts);
      let known = 2;
      while (known < pts) known = (await far.take('chat.advanced')).pts!;
      const { data } = await far.ask({ type: 'sync', epoch: null, chats: { [chatId]: 2 } });
      expect(data.chats[0].changes).toHaveLength(missed.length);

      // Who is online is known of one's own node.
      const { type } = await near.ask({ type: 'presence.subscribe', user_ids: [ada.id, eve.id] });
      expect(type).toBe('presence.subscribe.done');
      await Socket.of(ada);
      expect((await near.take('presence')).data).toMatchObject({ user_id: ada.id, online: true });

      // Neither a new socket nor a new chat waits for it.
      const late = await Socket.of(at(nodes.other, bob));
      const newId = await ada.openGroup([eve]);
      expect((await far.take('chat.advanced')).chat_id).toBe(newId);
      await ada.send(chatId, 'and more');
      expect((await late.take('chat.advanced')).chat_id).toBe(chatId);

      await own.service.startAgain();
      for (const socket of [near, far]) await socket.take('resync');
      // Each node has two connections, and the one that publishes may be back a little later.
      const sendAndLook = async () => {
        await ada.send(chatId, 'after');
        return (await far.rest()).map(({ type }) => type);
      };
      await expect.poll(sendAndLook, { interval: 200, timeout: 15_000 }).toContain('message.created');
    });

    it('is noticed when its connections stay open and nothing comes over them', async () => {
      const [ada, bob] = (await registerMany(nodes.one, 2)) as [Person, Person];
      await ada.openGroup([bob]);
      const socket = await Socket.of(bob);
      const noticed = sleep(SOON.timeout);
      own.service.freeze();
      await expect.poll(() => nodes.one.cluster.isConnected || nodes.other.cluster.isConnected, SOON).toBe(false);
      // A node has several connections, and one of them is enough for that. One that has noticed nothing loses nothing, and asks for no sync.
      await noticed;
      own.service.unfreeze();
      await socket.take('resync');
    });
  });
