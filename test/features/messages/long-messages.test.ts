import { describe, expect, it } from 'vitest';
import { TEST_CONFIG } from '../../support/app.js';
import { Person, call, expectError, registerMany, type Answer, type Target } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { insertMessages } from '../../support/insert-messages.js';
import { Socket, useServer } from '../../support/socket.js';

const MAX = 20_000;
const LONGEST = '🐢'.repeat(MAX);
const TOO_LONG = `${LONGEST}.`;
const MEGABYTE = 1024 * 1024;

const test = useServer({ messages: { ...TEST_CONFIG.messages, maxLength: MAX } });

async function pair() {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  return { ada, bob, chatId: await ada.openPrivate(bob) };
}

/** The same person, at another server. */
function at(target: Target, { id, username, email, token }: Person): Person {
  return new Person(target, id, username, email, token);
}

/** As some programs write all that is not ASCII. */
function escaped(body: object): string {
  return JSON.stringify(body).replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const idsOf = ({ body }: Answer) => body.messages.map(({ id }: { id: number }) => id) as number[];
const bytesOf = ({ body }: Answer) => Buffer.byteLength(JSON.stringify(body));

describe('MESSAGE_MAX_LENGTH', () => {
  const inOneHour = () => new Date(Date.now() + 3_600_000).toISOString();

  it.each([
    ['sent', (ada: Person, chatId: number, body: object) => ada.post(`/chat/${chatId}/message`, body)],
    [
      'edited',
      async (ada: Person, chatId: number, body: object) =>
        ada.patch(`/message/${(await ada.send(chatId, 'hi')).id}`, body),
    ],
    [
      'scheduled',
      (ada: Person, chatId: number, body: object) =>
        ada.post(`/chat/${chatId}/scheduled`, { ...body, send_at: inOneHour() }),
    ],
    [
      'scheduled otherwise',
      async (ada: Person, chatId: number, body: object) => {
        const scheduled = await ada.post(`/chat/${chatId}/scheduled`, { contents: 'hi', send_at: inOneHour() });
        return ada.patch(`/scheduled/${scheduled.body.id}`, body);
      },
    ],
    [
      'sent by the host application',
      async (ada: Person, chatId: number, body: object) => {
        const host = await Host.of(test);
        return host.as(String(ada.id), 'POST', `/server/chats/${chatId}/message`, body);
      },
    ],
    [
      'sent over a socket',
      async (ada: Person, chatId: number, body: object) => {
        const socket = await Socket.of(ada);
        const frame = await socket.ask({ type: 'send', chat_id: chatId, client_id: 'one', ...body });
        const isRefused = frame.type === 'error';
        const answer = { status_code: frame.status_code, message: expect.anything(), details: frame.details };
        return { status: isRefused ? frame.status_code! : 200, headers: {}, body: isRefused ? answer : frame.data };
      },
    ],
  ])('counts for what is %s', async (_how, write) => {
    const { ada, chatId } = await pair();
    const kept = await write(ada, chatId, { contents: LONGEST });
    expect(kept.status).toBe(200);
    expect(kept.body.contents === LONGEST).toBe(true);
    const refused = await write(ada, chatId, { contents: TOO_LONG });
    expect(refused.status).toBe(422);
    expect(refused.body.details).toMatchObject({
      code: 'VALIDATION_ERROR',
      errors: { contents: `must NOT have more than ${MAX} characters` },
    });
  });

  it('lets the longest message be written in any way that JSON has', async () => {
    const { ada, chatId } = await pair();
    const body = escaped({ contents: LONGEST, custom: { note: 'x'.repeat(4000) } });
    const headers = { 'content-type': 'application/json' };
    const { status } = await call(test, 'POST', `/chat/${chatId}/message`, { token: ada.token, body, headers });
    expect(status).toBe(200);
    const padded = `${' '.repeat(300_000)}${body}`;
    const refused = await call(test, 'POST', `/chat/${chatId}/message`, { token: ada.token, body: padded, headers });
    expectError(refused, 413, 'PAYLOAD_TOO_LARGE');
  });

  it('leaves what is longer as it is when it is lowered', async () => {
    const { ada, bob, chatId } = await pair();
    const { id } = await ada.send(chatId, LONGEST);
    const lowered = await test.another({});
    const page = await at(lowered, bob).get(`/chat/${chatId}/messages`);
    expect(idsOf(page)).toEqual([id]);
    expect(page.body.messages[0].contents === LONGEST).toBe(true);
    expect((await at(lowered, ada).post(`/chat/${chatId}/message`, { contents: 'x'.repeat(2048) })).status).toBe(422);
    expect((await at(lowered, ada).patch(`/message/${id}`, { contents: 'short' })).status).toBe(200);
    const versions = await at(lowered, ada).get(`/message/${id}/versions`);
    expect(versions.body.versions[0].contents === LONGEST).toBe(true);
  });

  it('is what the document of the server says', async () => {
    const lengths = async (target: Target) => {
      const { schemas } = (await call(target, 'GET', '/docs/json')).body.components;
      const of = (name: string) => schemas[name].properties.contents.maxLength as number;
      return {
        send: of('SendMessage'),
        edit: of('ChangeMessage'),
        schedule: of('ScheduleMessage'),
        read: of('Message'),
      };
    };
    expect(await lengths(test)).toEqual({ send: MAX, edit: MAX, schedule: MAX, read: MAX });
    expect(await lengths(await test.another({}))).toEqual({ send: 2047, edit: 2047, schedule: 2047, read: MAX });
  });
});

describe('a page of long messages', () => {
  const LONG = '🐢'.repeat(MAX - 10);
  const LIMIT = 100;

  it('ends early, and the next one goes on', async () => {
    const { ada, bob, chatId } = await pair();
    await insertMessages(test, chatId, ada, 30, LONG);
    for (const order of ['asc', 'desc']) {
      const seen: number[] = [];
      const first = `/chat/${chatId}/messages?limit=${LIMIT}&order=${order}`;
      let page = await bob.get(first);
      for (; page.body.has_more; page = await bob.get(`${first}&cursor=${page.body.next}`)) {
        expect(bytesOf(page)).toBeLessThan(MEGABYTE);
        expect(page.body.next).toBe(idsOf(page).at(-1));
        seen.push(...idsOf(page));
      }
      seen.push(...idsOf(page));
      expect(page.body.next).toBeNull();
      expect(seen).toHaveLength(30);
      expect(new Set(seen).size).toBe(30);
    }
  });

  it('around a message has that message, and what is next to it on both sides', async () => {
    const { ada, bob, chatId } = await pair();
    await insertMessages(test, chatId, ada, 60, LONG);
    const all = await test.db.message.findMany({
      where: { chat_id: chatId },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    const ids = all.map(({ id }) => Number(id));
    const page = await bob.get(`/chat/${chatId}/messages?limit=${LIMIT}&around=${ids[30]}`);
    const found = idsOf(page);
    expect(found).toContain(ids[30]);
    expect(found).toEqual(ids.slice(ids.indexOf(found[0]!), ids.indexOf(found.at(-1)!) + 1));
    expect(page.body).toMatchObject({ previous: found[0], next: found.at(-1), count: found.length });
  });

  it('of usual ones has as many as were asked for, however they are written', async () => {
    const { ada, bob, chatId } = await pair();
    await insertMessages(test, chatId, ada, LIMIT, '🐢'.repeat(2040));
    const page = await bob.get(`/chat/${chatId}/messages?limit=${LIMIT}`);
    expect(page.body).toMatchObject({ count: LIMIT, has_more: false, next: null });
  });

  it('of earlier versions ends early, too', async () => {
    const { ada, chatId } = await pair();
    const { id } = await ada.send(chatId, `0${LONG}`);
    for (let edit = 1; edit <= 30; edit += 1) await ada.patch(`/message/${id}`, { contents: `${edit}${LONG}` });
    const seen: string[] = [];
    let cursor: number | null = null;
    do {
      const { body } = await ada.get(`/message/${id}/versions?limit=50${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(body.count).toBeLessThan(30);
      seen.push(...body.versions.map(({ contents }: { contents: string }) => contents.replace(LONG, '')));
      cursor = body.next;
    } while (cursor !== null);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => String(29 - index)));
  });
});
