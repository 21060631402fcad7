import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { asRead, expectError, register, type Person } from '../../support/client.js';

const test = useApp();

async function pair(): Promise<{ ada: Person; bob: Person; chatId: number }> {
  const [ada, bob] = [await register(test), await register(test)];
  return { ada, bob, chatId: await ada.openPrivate(bob) };
}

const contents = (answer: { body: { messages: { contents: string }[] } }) =>
  answer.body.messages.map((message) => message.contents);

describe('POST /chat/{chat_id}/message', () => {
  it('adds a message that everyone in the chat sees', async () => {
    const { ada, bob, chatId } = await pair();
    const { status, body } = await ada.post(`/chat/${chatId}/message`, { contents: 'hello' });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.any(Number),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: body.created_at,
      contents: 'hello',
      author_id: ada.id,
      pts: 2,
      version: 2,
    });
    const message = asRead(body);
    expect((await bob.get(`/chat/${chatId}/messages`)).body).toEqual({
      next: null,
      has_more: false,
      count: 1,
      authors: [ada.shown],
      messages: [message],
    });
    expect((await bob.get(`/chat/${chatId}`)).body.last_message).toEqual(message);
    expect((await bob.get('/user/chats')).body.chats[0].last_message).toEqual(message);
  });

  it.each([
    'שלום עולם',
    'مرحبا',
    '你好，世界',
    'สวัสดี',
    'हिन्दी',
    '👩‍👩‍👧‍👦 family',
    'e\u0301 is not é',
    '\u202Eright to left',
    'line\nbreak\ttab\r\n\u0001',
    `"quotes" 'and' \\ back\\slashes; -- $1 {}`,
    ' x\u200b ',
  ])('keeps every script as it came: %j', async (text) => {
    const { ada, bob, chatId } = await pair();
    await ada.send(chatId, text);
    expect(contents(await bob.get(`/chat/${chatId}/messages`))).toEqual([text]);
  });

  it('takes 2047 characters, however many bytes they are', async () => {
    const { ada, chatId } = await pair();
    const text = '𝕬'.repeat(2047);
    expect((await ada.send(chatId, text)).contents).toBe(text);
  });

  it.each([
    ['nothing', ''],
    ['2048 letters', 'x'.repeat(2048)],
    ['2048 characters of four bytes', '𝕬'.repeat(2048)],
    ['NUL', 'a\0b'],
    ['half of a surrogate pair', '\ud83d'],
    ['a surrogate pair the wrong way round', '\ude00\ud83d'],
    ['a number', 5],
    ['null', null],
    ['a list', ['x']],
    ['no field', undefined],
  ])('refuses %s', async (_what, text) => {
    const { ada, chatId } = await pair();
    expectError(await ada.post(`/chat/${chatId}/message`, { contents: text }), 422, 'VALIDATION_ERROR', {
      errors: { contents: expect.any(String) },
    });
    expect((await ada.get(`/chat/${chatId}/messages`)).body.count).toBe(0);
  });

  it('is not for outsiders', async () => {
    const { ada, chatId } = await pair();
    const eve = await register(test);
    expectError(await eve.post(`/chat/${chatId}/message`, { contents: 'psst' }), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await eve.post('/chat/2000000000/message', { contents: 'psst' }), 404, 'CHAT_DOES_NOT_EXIST');
    expect((await ada.get(`/chat/${chatId}/messages`)).body.count).toBe(0);
    const chat = await test.db.chat.findUniqueOrThrow({ where: { id: BigInt(chatId) } });
    expect(chat.last_pts).toBe(1n);
  });

  it('numbers a hundred at once densely, and in the order of their ids', async () => {
    const { ada, bob, chatId } = await pair();
    const sent = await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 ? ada : bob).send(chatId, `message ${index}`)),
    );
    const rows = await test.db.message.findMany({ where: { chat_id: BigInt(chatId) }, orderBy: { id: 'asc' } });
    expect(rows.map(({ pts }) => Number(pts))).toEqual(Array.from({ length: 100 }, (_, index) => index + 2));
    expect(rows.map(({ id }) => Number(id))).toEqual(sent.map(({ id }) => id).sort((a, b) => a - b));
    const times = rows.map(({ created_at }) => created_at.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const chat = await test.db.chat.findUniqueOrThrow({ where: { id: BigInt(chatId) } });
    expect(chat).toMatchObject({
      last_pts: 101n,
      last_message_id: rows.at(-1)?.id,
      last_activity_at: rows.at(-1)?.created_at,
    });
  });

  it('answers each of many sends at once for itself, also when others fail', async () => {
    const [one, two] = [await pair(), await pair()];
    const eve = await register(test);
    const ghost = await register(test);
    await test.db.user.delete({ where: { id: BigInt(ghost.id) } });
    const send = (person: Person, chatId: number, text: string) =>
      person.post(`/chat/${chatId}/message`, { contents: text });
    const [first, outsider, nobody, second, wrong, third] = await Promise.all([
      send(one.ada, one.chatId, 'first'),
      send(eve, one.chatId, 'psst'),
      send(ghost, one.chatId, 'boo'),
      send(two.bob, two.chatId, 'second'),
      send(one.ada, two.chatId, 'not mine'),
      send(one.bob, one.chatId, 'third'),
    ]);
    expect(first).toMatchObject({ status: 200, body: { contents: 'first', author_id: one.ada.id } });
    expect(second).toMatchObject({ status: 200, body: { contents: 'second', author_id: two.bob.id } });
    expect(third).toMatchObject({ status: 200, body: { contents: 'third', author_id: one.bob.id } });
    expectError(outsider, 404, 'CHAT_DOES_NOT_EXIST');
    expectError(wrong, 404, 'CHAT_DOES_NOT_EXIST');
    expectError(nobody, 401, 'NOT_AUTHORIZED');
    expect(contents(await one.bob.get(`/chat/${one.chatId}/messages`))).toEqual(['first', 'third']);
    expect(contents(await two.ada.get(`/chat/${two.chatId}/messages`))).toEqual(['second']);
  });

  it('lets a message that the database refuses fail alone', async () => {
    const { ada, chatId } = await pair();
    await test.db.$executeRaw`alter table message add constraint no_poison check (contents <> 'poison')`;
    const texts = ['a', 'b', 'poison', 'c', 'd'];
    const answers = await Promise.all(texts.map((text) => ada.post(`/chat/${chatId}/message`, { contents: text })));
    await test.db.$executeRaw`alter table message drop constraint no_poison`;
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 500, 200, 200]);
    expect(contents(await ada.get(`/chat/${chatId}/messages`))).toEqual(['a', 'b', 'c', 'd']);
    const rows = await test.db.message.findMany({ where: { chat_id: BigInt(chatId) }, orderBy: { id: 'asc' } });
    expect(rows.map(({ pts }) => Number(pts))).toEqual([2, 3, 4, 5]);
  });

  it('keeps the order in which one after the other came', async () => {
    const { ada, bob, chatId } = await pair();
    const texts = Array.from({ length: 60 }, (_, index) => `${index}`);
    const answers: Promise<unknown>[] = [];
    for (const [index, text] of texts.entries()) {
      answers.push((index % 2 ? ada : bob).send(chatId, text));
      if (index % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(answers);
    expect(contents(await ada.get(`/chat/${chatId}/messages?limit=100`))).toEqual(texts);
  });
});

describe('GET /chat/{chat_id}/messages', () => {
  async function chatOf(count: number) {
    const people = await pair();
    for (let index = 1; index <= count; index++) {
      await (index % 2 ? people.ada : people.bob).send(people.chatId, `m${index}`);
    }
    const { body } = await people.ada.get(`/chat/${people.chatId}/messages?limit=100`);
    return { ...people, messages: body.messages as { id: number; contents: string }[] };
  }

  it('begins with the oldest, and goes on after the cursor', async () => {
    const { ada, chatId, messages } = await chatOf(5);
    const url = `/chat/${chatId}/messages?limit=2`;
    expect(contents(await ada.get(url))).toEqual(['m1', 'm2']);
    expect(contents(await ada.get(`${url}&cursor=${messages[1]!.id}`))).toEqual(['m3', 'm4']);
    expect(contents(await ada.get(`${url}&cursor=${messages[3]!.id}`))).toEqual(['m5']);
    const past = await ada.get(`${url}&cursor=${messages[4]!.id}`);
    expect(past).toMatchObject({ status: 200, body: { count: 0, authors: [], messages: [] } });
  });

  it('goes backwards with order=desc', async () => {
    const { ada, chatId, messages } = await chatOf(5);
    const url = `/chat/${chatId}/messages?limit=2&order=desc`;
    expect(contents(await ada.get(url))).toEqual(['m5', 'm4']);
    expect(contents(await ada.get(`${url}&cursor=${messages[3]!.id}`))).toEqual(['m3', 'm2']);
    expect(contents(await ada.get(`${url}&cursor=${messages[0]!.id}`))).toEqual([]);
  });

  it.each(['asc', 'desc'])('says exactly whether there is another page, and where it begins (%s)', async (order) => {
    const { ada, chatId, messages } = await chatOf(4);
    const ids = messages.map(({ id }) => id);
    if (order === 'desc') ids.reverse();
    for (const limit of [1, 2, 3, 4, 5]) {
      const read: number[] = [];
      let cursor = '';
      for (;;) {
        const { body } = await ada.get(`/chat/${chatId}/messages?order=${order}&limit=${limit}${cursor}`);
        expect(body.count).toBe(body.messages.length);
        expect(body.count).toBeLessThanOrEqual(limit);
        read.push(...body.messages.map(({ id }: { id: number }) => id));
        expect(body.has_more).toBe(read.length < ids.length);
        expect(body.next).toBe(body.has_more ? read.at(-1) : null);
        if (body.next === null) break;
        cursor = `&cursor=${body.next}`;
      }
      expect(read).toEqual(ids);
    }
  });

  it('names no author of the next page', async () => {
    const { ada, chatId } = await chatOf(2);
    const { body } = await ada.get(`/chat/${chatId}/messages?limit=1`);
    expect(body.authors).toEqual([ada.shown]);
  });

  it('names each author once, in order of first appearance', async () => {
    const { ada, bob, chatId } = await chatOf(4);
    const short = [ada, bob].map(({ shown }) => shown);
    expect((await bob.get(`/chat/${chatId}/messages`)).body.authors).toEqual(short);
    expect((await bob.get(`/chat/${chatId}/messages?order=desc`)).body.authors).toEqual(short.reverse());
    expect((await bob.get(`/chat/${chatId}/messages?limit=1`)).body.authors).toHaveLength(1);
  });

  it('names authors who have left', async () => {
    const { ada, bob, chatId } = await chatOf(2);
    await test.db.chatParticipant.deleteMany({ where: { chat_id: BigInt(chatId), user_id: BigInt(bob.id) } });
    const { body } = await ada.get(`/chat/${chatId}/messages`);
    expect(body.authors).toContainEqual(bob.shown);
    expectError(await bob.get(`/chat/${chatId}/messages`), 404, 'CHAT_DOES_NOT_EXIST');
  });

  it('has 50 on a page unless asked for another number, and 100 at the most', async () => {
    const { ada, chatId } = await chatOf(101);
    expect((await ada.get(`/chat/${chatId}/messages`)).body.count).toBe(50);
    expect((await ada.get(`/chat/${chatId}/messages?limit=100`)).body.count).toBe(100);
  });

  it('is not for outsiders', async () => {
    const { chatId } = await pair();
    const eve = await register(test);
    expectError(await eve.get(`/chat/${chatId}/messages`), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await eve.get('/chat/2000000000/messages'), 404, 'CHAT_DOES_NOT_EXIST');
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=0', 'cursor=x', 'cursor=9007199254740992', 'order=up', 'order='])(
    'refuses %s',
    async (query) => {
      const { ada, chatId } = await pair();
      const [field = ''] = query.split('=');
      expectError(await ada.get(`/chat/${chatId}/messages?${query}`), 422, 'VALIDATION_ERROR', {
        errors: { [field]: expect.any(String) },
      });
    },
  );
});

describe('DELETE /message/{message_id}', () => {
  it('removes the message for everyone and leaves a tombstone at the next pts', async () => {
    const { ada, bob, chatId } = await pair();
    const message = await ada.send(chatId, 'oops');
    expect(await ada.delete(`/message/${message.id}`)).toMatchObject({ status: 200, body: { success: true } });
    expect((await bob.get(`/chat/${chatId}/messages`)).body.count).toBe(0);
    const event = await test.db.chatEvent.findFirstOrThrow({ where: { chat_id: BigInt(chatId), pts: 3n } });
    expect(event).toMatchObject({
      type: 'message.deleted',
      actor_id: BigInt(ada.id),
      data: { id: message.id, author_id: ada.id, client_id: null },
    });
    expectError(await ada.delete(`/message/${message.id}`), 404, 'MESSAGE_DOES_NOT_EXIST');
  });

  it('lets last_message and the order of the list follow', async () => {
    const { ada, bob, chatId } = await pair();
    const other = await ada.openGroup([bob]);
    const first = await ada.send(chatId, 'first');
    const second = await ada.send(chatId, 'second');
    const list = async () => (await bob.get('/user/chats')).body.chats as { id: number; last_message: unknown }[];

    await ada.delete(`/message/${first.id}`);
    expect((await list())[0]).toMatchObject({ id: chatId, last_message: asRead(second) });

    const third = await ada.send(chatId, 'third');
    await ada.delete(`/message/${third.id}`);
    expect((await list())[0]).toMatchObject({ id: chatId, last_message: asRead(second) });

    await ada.delete(`/message/${second.id}`);
    expect(await list()).toMatchObject([
      { id: other, last_message: null },
      { id: chatId, last_message: null },
    ]);
    const chat = (await ada.get(`/chat/${chatId}`)).body;
    expect((await bob.get('/user/chats')).body.next).toBe(chat.created_at);
    expect(chat.updated_at).toBe(chat.created_at);
  });

  it('is for the author alone, and tells outsiders nothing', async () => {
    const { ada, bob, chatId } = await pair();
    const eve = await register(test);
    const { id } = await ada.send(chatId, 'mine');
    expectError(await bob.delete(`/message/${id}`), 403, 'NOT_THE_OWNER');
    expectError(await eve.delete(`/message/${id}`), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await eve.delete('/message/2000000000'), 404, 'MESSAGE_DOES_NOT_EXIST');
    expect((await ada.get(`/chat/${chatId}/messages`)).body.count).toBe(1);
  });

  it('is not for an author who has left', async () => {
    const { ada, bob, chatId } = await pair();
    const { id } = await bob.send(chatId, 'mine');
    await test.db.chatParticipant.deleteMany({ where: { chat_id: BigInt(chatId), user_id: BigInt(bob.id) } });
    expectError(await bob.delete(`/message/${id}`), 404, 'MESSAGE_DOES_NOT_EXIST');
    expect((await ada.get(`/chat/${chatId}/messages`)).body.count).toBe(1);
  });

  it('happens once when it is asked for many times at once', async () => {
    const { ada, chatId } = await pair();
    const { id } = await ada.send(chatId, 'once');
    const answers = await Promise.all(Array.from({ length: 8 }, () => ada.delete(`/message/${id}`)));
    const [winner, ...losers] = answers.sort((a, b) => a.status - b.status);
    expect(winner?.status).toBe(200);
    for (const loser of losers) expectError(loser, 404, 'MESSAGE_DOES_NOT_EXIST');
    expect(await test.db.chatEvent.count({ where: { chat_id: BigInt(chatId), type: 'message.deleted' } })).toBe(1);
  });

  it('keeps pts dense and last_message right among sends and deletions at once', async () => {
    const { ada, chatId } = await pair();
    const sent = await Promise.all(Array.from({ length: 20 }, (_, index) => ada.send(chatId, `${index}`)));
    await Promise.all([
      ...sent.map(({ id }) => ada.delete(`/message/${id}`)),
      ...Array.from({ length: 20 }, (_, index) => ada.send(chatId, `again ${index}`)),
    ]);
    const where = { chat_id: BigInt(chatId) };
    const messages = await test.db.message.findMany({ where, orderBy: { id: 'asc' } });
    const events = await test.db.chatEvent.findMany({ where });
    const pts = [...messages, ...events].map((row) => Number(row.pts)).sort((a, b) => a - b);
    const chat = await test.db.chat.findUniqueOrThrow({ where: { id: BigInt(chatId) } });
    // 1 the creation, 2 to 21 the deleted messages, of which only the tombstones are left.
    expect(pts).toHaveLength(41);
    expect(new Set(pts).size).toBe(41);
    expect(chat.last_pts).toBe(61n);
    expect(chat.last_message_id).toBe(messages.at(-1)?.id);
  });

  it.each(['abc', '0', '9223372036854775808'])('refuses %s for an id', async (id) => {
    const ada = await register(test);
    expectError(await ada.delete(`/message/${id}`), 422, 'VALIDATION_ERROR', {
      errors: { message_id: expect.any(String) },
    });
  });
});
