import { describe, expect, it } from 'vitest';
import { asRead, registerMany, type Answer, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

async function pair(): Promise<{ ada: Person; bob: Person; chatId: number }> {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  return { ada, bob, chatId: await ada.openGroup([bob]) };
}

const reply = (person: Person, chatId: number, reply_to_id: unknown, contents = 'an answer') =>
  person.post(`/chat/${chatId}/message`, { contents, reply_to_id });

async function pageOf(person: Person, chatId: number) {
  return (await person.get(`/chat/${chatId}/messages`)).body.messages;
}

/** The message, wherever one may read it. */
async function everywhere(person: Person, chatId: number, id: number) {
  const epoch = (await person.post('/sync', { epoch: null, chats: {} })).body.epoch;
  const { chats } = (await person.post('/sync', { epoch, chats: { [chatId]: 1 } })).body;
  return [
    (await pageOf(person, chatId)).find((message: { id: number }) => message.id === id),
    (await person.get('/user/chats')).body.chats[0].last_message,
    (await person.get(`/chat/${chatId}`)).body.last_message,
    (await person.get(`/message/${id}`)).body,
    chats[0].changes.find(({ data }: { data: { id: number } }) => data.id === id).data,
  ];
}

describe('a reply', () => {
  it('shows the message that it answers, wherever it is read', async () => {
    const { ada, bob, chatId } = await pair();
    const original = await ada.send(chatId, 'shall we meet?');
    const { status, body } = await reply(bob, chatId, original.id);
    const reply_to = { id: original.id, author_id: ada.id, excerpt: 'shall we meet?' };
    expect([status, body]).toMatchObject([200, { contents: 'an answer', reply_to }]);
    expect(body).not.toHaveProperty('reply_to_id');
    for (const message of await everywhere(ada, chatId, body.id)) expect(message).toMatchObject({ reply_to });
    expect((await pageOf(ada, chatId))[0]).not.toHaveProperty('reply_to');
  });

  it('shows 200 characters of it, and none in part', async () => {
    const { ada, chatId } = await pair();
    const original = await ada.send(chatId, '👍🏽'.repeat(150));
    const { body } = await reply(ada, chatId, original.id);
    expect(body.reply_to.excerpt).toBe('👍🏽'.repeat(100));
  });

  it('comes live with it, and is the same on the socket', async () => {
    const { ada, bob, chatId } = await pair();
    const original = await ada.send(chatId, 'shall we meet?');
    const socket = await Socket.of(ada);
    const { body } = await reply(bob, chatId, original.id);
    const event = await socket.take('message.created');
    const { pts, ...message } = body;
    expect(event).toMatchObject({ pts, data: message });
    const answer = await socket.ask({
      type: 'send',
      chat_id: chatId,
      contents: 'x',
      client_id: 'x',
      reply_to_id: body.id,
    });
    expect(answer).toMatchObject({ data: { reply_to: { id: body.id, author_id: bob.id, excerpt: 'an answer' } } });
  });

  it('follows an edit and a deletion of the message that it answers', async () => {
    const { ada, bob, chatId } = await pair();
    const original = await ada.send(chatId, 'shall we meet?');
    const { id } = (await reply(bob, chatId, original.id)).body;
    await ada.patch(`/message/${original.id}`, { contents: 'shall we meet at 8?' });
    for (const message of await everywhere(bob, chatId, id)) {
      expect(message.reply_to).toEqual({ id: original.id, author_id: ada.id, excerpt: 'shall we meet at 8?' });
    }
    await ada.delete(`/message/${original.id}`);
    for (const message of await everywhere(bob, chatId, id)) {
      expect(message.reply_to).toEqual({ id: original.id, deleted: true });
    }
  });

  it('to a message of another chat, or to none, shows nothing of it', async () => {
    const { ada, bob, chatId } = await pair();
    const secret = await ada.send(await ada.openPrivate(bob), 'a secret');
    const [eve, fay] = (await registerMany(test, 2)) as [Person, Person];
    const elsewhere = await eve.openGroup([fay]);
    for (const id of [secret.id, 9_007_199_254_740_991]) {
      expect((await reply(eve, elsewhere, id)).body.reply_to).toEqual({ id, deleted: true });
      expect((await reply(ada, chatId, id)).body.reply_to).toEqual({ id, deleted: true });
    }
  });

  it('is the same when it is sent again', async () => {
    const { ada, chatId } = await pair();
    const original = await ada.send(chatId, 'one');
    const body = { contents: 'two', client_id: 'again', reply_to_id: original.id };
    const first = (await ada.post(`/chat/${chatId}/message`, body)).body;
    const second = (await ada.post(`/chat/${chatId}/message`, body)).body;
    expect(second).toEqual({ ...first, deduplicated: true });
  });

  it('refuses what is no id', async () => {
    const { ada, chatId } = await pair();
    for (const id of [0, -1, '1', 1.5, null, {}]) {
      expect(await reply(ada, chatId, id)).toMatchObject({
        status: 422,
        body: { details: { code: 'VALIDATION_ERROR' } },
      });
    }
    expect(await pageOf(ada, chatId)).toEqual([]);
  });

  it('of the application, too', async () => {
    const { ada, chatId } = await pair();
    const original = await ada.send(chatId, 'where is my parcel?');
    const host = await Host.of(test);
    const { body } = await host.post(`/server/chats/${chatId}/message`, { contents: 'here', reply_to_id: original.id });
    expect(body.reply_to).toMatchObject({ id: original.id, excerpt: 'where is my parcel?' });
    expect((await pageOf(ada, chatId))[1].reply_to).toEqual(body.reply_to);
  });
});

describe('a reply to a message from before somebody joined', () => {
  async function withNewcomer() {
    const { ada, bob, chatId } = await pair();
    const [eve] = (await registerMany(test, 1)) as [Person];
    const original = await ada.send(chatId, 'a secret');
    const host = await Host.of(test);
    await host.post(`/server/chats/${chatId}/members`, { members: [String(eve.id)], history_from: 'now' });
    return { ada, bob, eve, host, chatId, original };
  }

  it('shows it to those who may see it, and its id to the others', async () => {
    const { ada, bob, eve, chatId, original } = await withNewcomer();
    const { id } = (await reply(bob, chatId, original.id)).body;
    for (const message of await everywhere(ada, chatId, id)) {
      expect(message.reply_to).toEqual({ id: original.id, author_id: ada.id, excerpt: 'a secret' });
    }
    expect((await pageOf(eve, chatId)).map(({ reply_to }: { reply_to: object }) => reply_to)).toEqual([
      { id: original.id },
    ]);
    expect((await eve.get('/user/chats')).body.chats[0].last_message.reply_to).toEqual({ id: original.id });
    expect((await eve.get(`/message/${id}`)).body.reply_to).toEqual({ id: original.id });
    expect((await eve.get(`/message/${original.id}`)).status).toBe(404);
  });

  it.each([
    ['sent', ({ bob, chatId, original }) => reply(bob, chatId, original.id)],
    [
      'sent by the application',
      ({ host, chatId, original }) =>
        host.post(`/server/chats/${chatId}/message`, { contents: 'x', reply_to_id: original.id }),
    ],
  ] satisfies [string, (at: Awaited<ReturnType<typeof withNewcomer>>) => Promise<Answer>][])(
    'tells nobody of it by an event when it is %s: each syncs what they may see',
    async (_name, send) => {
      const at = await withNewcomer();
      const sockets = [await Socket.of(at.ada), await Socket.of(at.eve)];
      const { pts } = (await send(at)).body;
      for (const socket of sockets) {
        expect(await socket.take('chat.advanced')).toMatchObject({ chat_id: at.chatId, pts });
        expect(JSON.stringify(await socket.rest())).not.toContain('secret');
      }
    },
  );
});

describe('an answer of somebody who may not see what they answer', () => {
  it('tells them nothing of it: not when it is sent, sent again, edited or exported', async () => {
    const [ada, eve] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([eve]);
    const secret = await ada.send(chatId, 'a secret');
    await ada.delete(`/chat/${chatId}/participants/${eve.id}`);
    const host = await Host.of(test);
    await host.post(`/server/chats/${chatId}/members`, { members: [String(eve.id)], history_from: 'now' });
    const body = { contents: 'what?', client_id: 'a', reply_to_id: secret.id };
    const sent = await eve.post(`/chat/${chatId}/message`, body);
    expect(sent.body.reply_to).toEqual({ id: secret.id });
    const { id } = sent.body;
    const answers = [
      await eve.post(`/chat/${chatId}/message`, body),
      await eve.patch(`/message/${id}`, { contents: 'what was it?' }),
      await eve.patch(`/message/${id}`, { contents: 'and?', if_version: 1 }),
      await eve.put(`/message/${id}/reactions/${encodeURIComponent('👍')}`),
      await eve.get('/user/me/export'),
      await eve.get('/user/chats'),
    ];
    await ada.delete(`/chat/${chatId}/participants/${eve.id}`);
    answers.push(await eve.get('/user/me/export'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 409, 200, 200, 200, 200]);
    expect(JSON.stringify(answers.map(({ body: each }) => each as unknown))).not.toContain('a secret');
  });
});

describe('GET /message/{id}', () => {
  it('has the message, its chat and its author', async () => {
    const { ada, bob, chatId } = await pair();
    const sent = asRead(await ada.send(chatId, 'hello'));
    const { status, body } = await bob.get(`/message/${sent.id}`);
    expect([status, body]).toEqual([200, { ...sent, chat_id: chatId, author: ada.shown }]);
  });

  it('is 404 for an outsider as for one that is not there', async () => {
    const { ada, bob, chatId } = await pair();
    const { id } = await ada.send(chatId, 'hello');
    const [eve] = (await registerMany(test, 1)) as [Person];
    const [outside, missing] = [await eve.get(`/message/${id}`), await eve.get('/message/9007199254740991')];
    expect(outside.status).toBe(404);
    expect({ ...outside.body.details, request_id: '' }).toEqual({ ...missing.body.details, request_id: '' });
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    expect((await bob.get(`/message/${id}`)).status).toBe(404);
    await ada.delete(`/message/${id}`);
    expect((await ada.get(`/message/${id}`)).status).toBe(404);
  });
});
