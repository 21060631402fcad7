import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { expectError, registerMany, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

async function group(people: number): Promise<{ all: Person[]; ada: Person; bob: Person; chatId: number; id: number }> {
  const all = await registerMany(test, people);
  const [ada, bob] = all as [Person, Person];
  const chatId = await ada.openGroup(all.slice(1));
  return { all, ada, bob, chatId, id: (await ada.send(chatId, 'hello')).id };
}

const urlOf = (id: number, emoji: string) => `/message/${id}/reactions/${encodeURIComponent(emoji)}`;

async function messageOf(person: Person, chatId: number) {
  return (await person.get(`/chat/${chatId}/messages`)).body.messages[0];
}

describe('a reaction', () => {
  it('is counted, named and everywhere', async () => {
    const { ada, bob, chatId, id } = await group(2);
    const answer = await bob.put(urlOf(id, '👍'));
    const reactions = [{ emoji: '👍', count: 1, first: [bob.id] }];
    expect(answer).toMatchObject({ status: 200, body: { id, reactions, my_reactions: ['👍'] } });
    await ada.put(urlOf(id, '👍'));
    await ada.put(urlOf(id, ':shipped:'));
    const both = [
      { emoji: '👍', count: 2, first: [bob.id, ada.id] },
      { emoji: ':shipped:', count: 1, first: [ada.id] },
    ];
    const { epoch } = (await ada.post('/sync', { epoch: null, chats: {} })).body;
    const { chats } = (await ada.post('/sync', { epoch, chats: { [chatId]: 1 } })).body;
    const seen = [
      await messageOf(ada, chatId),
      (await ada.get('/user/chats')).body.chats[0].last_message,
      (await ada.get(`/message/${id}`)).body,
      chats[0].changes[0].data,
    ];
    for (const message of seen) expect(message).toMatchObject({ reactions: both, my_reactions: ['👍', ':shipped:'] });
    expect(await messageOf(bob, chatId)).toMatchObject({ reactions: both, my_reactions: ['👍'] });
    await bob.delete(urlOf(id, '👍'));
    expect(await messageOf(bob, chatId)).toMatchObject({ my_reactions: [] });
  });

  it('counts once however often it is repeated, and takes no number then', async () => {
    const { bob, chatId, id } = await group(2);
    const [first, second] = [await bob.put(urlOf(id, '👍')), await bob.put(urlOf(id, '👍'))];
    expect(second.body).toEqual(first.body);
    expect((await bob.get(`/chat/${chatId}`)).body.pts).toBe(first.body.version);
    const [taken, again] = [await bob.delete(urlOf(id, '👍')), await bob.delete(urlOf(id, '👍'))];
    expect(taken.body).toMatchObject({ reactions: [], my_reactions: [] });
    expect(again.body).toEqual(taken.body);
    expect(await messageOf(bob, chatId)).not.toHaveProperty('reactions');
    expect(await messageOf(bob, chatId)).not.toHaveProperty('my_reactions');
  });

  it('is the same emoji with and without the sign that shows it as a picture', async () => {
    const { ada, bob, id } = await group(2);
    await ada.put(urlOf(id, '\u2764'));
    expect((await bob.put(urlOf(id, '\u2764\uFE0F'))).body.reactions).toEqual([
      { emoji: '\u2764\uFE0F', count: 2, first: [ada.id, bob.id] },
    ]);
  });

  it.each(['a', '1', '👍👍', '', ' ', ':A:', ':no spaces:', '<b>', '👍 ', `:${'a'.repeat(63)}:`, '👨‍👩‍👧‍👦'.repeat(3)])(
    'is refused as %j, which is no emoji',
    async (emoji) => {
      const { ada, chatId, id } = await group(2);
      for (const { status } of [await ada.put(urlOf(id, emoji)), await ada.delete(urlOf(id, emoji))]) {
        expect([404, 422]).toContain(status);
      }
      expect(await messageOf(ada, chatId)).not.toHaveProperty('reactions');
    },
  );

  it('may be any emoji: of several characters, a flag, a skin', async () => {
    const { ada, id } = await group(2);
    for (const emoji of ['👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '👍🏽', '🇩🇪', '1️⃣']) {
      expect((await ada.put(urlOf(id, emoji))).body.my_reactions).toContain(emoji);
    }
  });

  it('comes as one event, which has no reader, and as the state by a sync', async () => {
    const { ada, bob, chatId, id } = await group(2);
    const socket = await Socket.of(ada);
    const { body } = await bob.put(urlOf(id, '👍'));
    expect(await socket.take('message.reacted')).toMatchObject({
      chat_id: chatId,
      pts: body.version,
      data: {
        ...{ id, contents: 'hello', version: body.version },
        reactions: [{ emoji: '👍', count: 1, first: [bob.id] }],
        reacted: [{ user_id: bob.id, emoji: '👍', added: true }],
      },
    });
    await ada.patch(`/message/${id}`, { contents: 'edited' });
    const { data } = await socket.take('message.updated');
    expect(data).toMatchObject({ reactions: [{ emoji: '👍', count: 1 }] });
    expect(data).not.toHaveProperty('my_reactions');
  });

  it('of 20 kinds is the last kind, also when several come at once', async () => {
    const { ada, bob, id } = await group(2);
    const names = Array.from({ length: 19 }, (_, index) => `:name_${index}:`);
    await Promise.all(names.map((name) => ada.put(urlOf(id, name))));
    const answers = await Promise.all(['👍', '👎', '❤️'].map((emoji) => bob.put(urlOf(id, emoji))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expectError(
      answers.find(({ status }) => status === 409)!,
      409,
      'TOO_MANY_EMOJIS',
    );
    expect((await ada.put(urlOf(id, answers.find(({ status }) => status === 200)!.body.my_reactions[0]))).status).toBe(
      200,
    );
    await ada.delete(urlOf(id, names[0]!));
    expect((await bob.put(urlOf(id, '🎉'))).status).toBe(200);
  });

  it('of more than ten names the first ten, and who follows when one of them goes', async () => {
    const { all, chatId, id } = await group(13);
    for (const person of all) await person.put(urlOf(id, '👍'));
    const ids = all.map((person) => person.id);
    const counted = async () => (await messageOf(all[0]!, chatId)).reactions[0];
    expect(await counted()).toEqual({ emoji: '👍', count: 13, first: ids.slice(0, 10) });
    await all[2]!.delete(urlOf(id, '👍'));
    expect(await counted()).toEqual({ emoji: '👍', count: 12, first: [...ids.slice(0, 2), ...ids.slice(3, 11)] });
    expect((await messageOf(all[12]!, chatId)).my_reactions).toEqual(['👍']);
  }, 60_000);

  it('at the same time as others are few changes, and none is lost', async () => {
    const { all, ada, chatId, id } = await group(12);
    const { pts } = (await ada.get(`/chat/${chatId}`)).body;
    const emojis = ['👍', '❤️', '😂'];
    const answers = await Promise.all(all.flatMap((person) => emojis.map((emoji) => person.put(urlOf(id, emoji)))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const message = await messageOf(ada, chatId);
    expect(message.reactions.map(({ count }: { count: number }) => count)).toEqual([12, 12, 12]);
    expect((await ada.get(`/chat/${chatId}`)).body.pts - pts).toBeLessThan(12);
  });

  it('to several messages at once is a change of each', async () => {
    const { all, ada, chatId, id } = await group(3);
    const ids = [id, (await ada.send(chatId, 'and this?')).id, (await ada.send(chatId, 'and that?')).id];
    const answers = await Promise.all(all.flatMap((person) => ids.map((each) => person.put(urlOf(each, '👍')))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const { messages } = (await ada.get(`/chat/${chatId}/messages`)).body;
    const shown = messages.filter((message: { id: number }) => ids.includes(message.id));
    expect(shown.map(({ reactions }: { reactions: { count: number }[] }) => reactions[0]?.count)).toEqual([3, 3, 3]);
    const versions = shown.map(({ version }: { version: number }) => version);
    expect(new Set(versions).size).toBe(3);
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(Math.max(...versions));
  });

  it('and its end within one batch leave nothing', async () => {
    const { ada, bob, chatId, id } = await group(2);
    const adding = [ada.put(urlOf(id, '👍')), bob.put(urlOf(id, '👍'))];
    // Requests that come at the same moment have no order; after a moment the first of the two waits for its batch.
    await sleep(30);
    await Promise.all([...adding, bob.delete(urlOf(id, '👍'))]);
    expect((await messageOf(ada, chatId)).reactions).toEqual([{ emoji: '👍', count: 1, first: [ada.id] }]);
  });

  it('is not for an outsider, who learns nothing', async () => {
    const { chatId, id, ada } = await group(2);
    const [eve] = (await registerMany(test, 1)) as [Person];
    for (const answer of [
      await eve.put(urlOf(id, '👍')),
      await eve.delete(urlOf(id, '👍')),
      await eve.get(`/message/${id}/reactions`),
      await eve.put(urlOf(9_007_199_254_740_991, '👍')),
    ]) {
      expectError(answer, 404, 'MESSAGE_DOES_NOT_EXIST');
    }
    expect(await messageOf(ada, chatId)).not.toHaveProperty('reactions');
  });

  it('to a message that is gone is refused, and goes with it', async () => {
    const { ada, bob, chatId, id } = await group(2);
    await bob.put(urlOf(id, '👍'));
    await ada.delete(`/message/${id}`);
    expectError(await bob.put(urlOf(id, '👍')), 404, 'MESSAGE_DOES_NOT_EXIST');
    expect(await test.db.reaction.count({ where: { message_id: id } })).toBe(0);
    expect((await bob.get(`/chat/${chatId}/messages`)).body.messages).toEqual([]);
  });

  it('to what somebody may not see is told them by nothing but a number', async () => {
    const { ada, bob, chatId, id } = await group(2);
    const [eve] = (await registerMany(test, 1)) as [Person];
    const host = await Host.of(test);
    await host.post(`/server/chats/${chatId}/members`, { members: [String(eve.id)], history_from: 'now' });
    const sockets = [await Socket.of(ada), await Socket.of(eve)];
    const { body } = await bob.put(urlOf(id, '👍'));
    for (const socket of sockets) expect(await socket.take('chat.advanced')).toMatchObject({ pts: body.version });
    expectError(await eve.put(urlOf(id, '👍')), 404, 'MESSAGE_DOES_NOT_EXIST');
  });
});

describe('the list of reactions', () => {
  it('has people in their order, all or those of one emoji, by pages', async () => {
    const { ada, bob, id } = await group(2);
    await bob.put(urlOf(id, '👍'));
    await ada.put(urlOf(id, '❤️'));
    await ada.put(urlOf(id, '👍'));
    const { body } = await ada.get(`/message/${id}/reactions?limit=2`);
    expect(body).toMatchObject({
      ...{ count: 2, has_more: true },
      reactions: [
        { user: bob.shown, emoji: '👍' },
        { user: ada.shown, emoji: '❤️' },
      ],
    });
    const rest = (await ada.get(`/message/${id}/reactions?limit=2&cursor=${body.next}`)).body;
    expect(rest).toMatchObject({ count: 1, has_more: false, reactions: [{ user: ada.shown, emoji: '👍' }] });
    const thumbs = (await ada.get(`/message/${id}/reactions?emoji=${encodeURIComponent('👍')}`)).body;
    expect(thumbs.reactions.map(({ user }: { user: { id: number } }) => user.id)).toEqual([bob.id, ada.id]);
  });
});
