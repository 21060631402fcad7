import { describe, expect, it } from 'vitest';
import { register, registerMany, uniqueName, type Person } from '../../support/client.js';
import { useApp } from '../../support/app.js';
import { eraseMe, finished, hurry } from '../../support/erasures.js';
import { Host } from '../../support/host.js';
import { insertMessages } from '../../support/insert-messages.js';

const test = useApp();

const sync = async (person: Person, chats: Record<string, number>, epoch: string | null = null) =>
  (await person.post('/sync', { epoch, chats, people_pts: 1 })).body;
const messagesOf = async (person: Person, chatId: number) =>
  (await person.get(`/chat/${chatId}/messages?limit=100&order=desc`)).body;

async function pair() {
  return (await registerMany(test, 2)) as [Person, Person];
}

async function eraseWholly(person: Person, messages: string): Promise<void> {
  await eraseMe(person, messages);
  await hurry(test, person.id);
  await finished(test, person.id);
}

/** Where in any table the text is: each as the table and the column. */
async function placesOf(text: string): Promise<string[]> {
  const columns = await test.db.$queryRaw<{ table_name: string; column_name: string }[]>`
    select table_name, column_name from information_schema.columns
    where table_schema = current_schema() and data_type in ('text', 'character varying', 'json', 'jsonb', 'ARRAY')`;
  const places: string[] = [];
  for (const { table_name: table, column_name: column } of columns) {
    const [found] = await test.db.$queryRawUnsafe<[{ count: number }]>(
      `select count(*)::int as count from "${table}" where strpos(lower("${column}"::text), lower($1)) > 0`,
      text,
    );
    if (found.count > 0) places.push(`${table}.${column}`);
  }
  return places;
}

describe('messages of an erased user', () => {
  it('keep: stay, with the erased user as their author', async () => {
    const [ada, bob] = await pair();
    const chatId = await ada.openPrivate(bob);
    const sent = await ada.send(chatId, 'hello', 'c1');
    await eraseWholly(ada, 'keep');
    expect(await messagesOf(bob, chatId)).toMatchObject({
      messages: [{ id: sent.id, author_id: ada.id, contents: 'hello' }],
      authors: [{ id: ada.id, name: 'Deleted user' }],
    });
  });

  it('anonymise: have one author with those of others, and a sync brings them', async () => {
    const [ada, bob] = await pair();
    const eve = await register(test);
    const group = await bob.openGroup([ada, eve]);
    const first = await ada.send(group, 'hello', 'c1');
    await ada.send(group, 'gone', 'c2').then(({ id }) => ada.delete(`/message/${id}`));
    await eve.send(group, 'me too', 'c1');
    const before = await sync(bob, {});
    const known = { [group]: before.joined.find(({ id }: { id: number }) => id === group).pts };
    await eraseWholly(ada, 'anonymise');
    await eraseWholly(eve, 'anonymise');
    const { messages, authors } = await messagesOf(bob, group);
    expect(messages).toMatchObject([{ contents: 'me too' }, { id: first.id, contents: 'hello' }]);
    expect(authors).toMatchObject([{ name: 'Deleted user' }]);
    expect([ada.id, eve.id]).not.toContain(authors[0].id);
    for (const message of messages) {
      expect(message).toMatchObject({ author_id: authors[0].id });
      expect(message).not.toHaveProperty('client_id');
    }
    const [chat] = (await sync(bob, known, before.epoch)).chats;
    const states = chat.changes.filter(({ type }: { type: string }) => type === 'message.state');
    expect(states.map(({ data }: { data: { author_id: number } }) => data.author_id)).toEqual([
      authors[0].id,
      authors[0].id,
    ]);
    for (const person of [ada, eve]) {
      const user = BigInt(person.id);
      expect(await test.db.message.count({ where: { author_id: user } })).toBe(0);
      expect(await test.db.chatEvent.findMany({ where: { actor_id: user } })).toMatchObject([
        { type: 'participant.removed' },
      ]);
      expect(
        await test.db.$queryRaw`
        select from chat_event where type = 'message.deleted' and (data ->> 'author_id')::bigint = ${person.id}`,
      ).toEqual([]);
    }
    expect((await bob.get(`/user/${authors[0].id}`)).status).toBe(404);
  });

  it('purge: leaves no trace of the user in any table', async () => {
    const host = await Host.of(test);
    const [ada, bob] = await pair();
    const mark = uniqueName();
    const externalId = `customer-${mark}`;
    await test.db.user.update({ where: { id: BigInt(ada.id) }, data: { external_id: externalId } });
    const data = { name: `Ada ${mark}`, bio: mark, avatar_url: `https://example.com/${mark}`, custom: { a: mark } };
    expect((await ada.patch('/user/me', { ...data, private: { a: mark } })).status).toBe(200);
    expect(await host.patch(`/server/users/${ada.id}`, { trusted: { a: mark }, internal: { b: mark } })).toMatchObject({
      status: 200,
    });
    const session = { usernameOrEmail: ada.username, password: 'correct horse battery staple', device: mark };
    expect((await test.app.inject({ method: 'POST', url: '/login', payload: session })).statusCode).toBe(200);
    const chatId = await ada.openPrivate(bob);
    const group = await ada.openGroup([bob], `${mark}'s group`);
    const alone = await ada.openGroup([bob], `${mark}'s notes`);
    await ada.delete(`/chat/${alone}/participants/${bob.id}`);
    await ada.patch(`/chat/${group}`, { name: `${mark}'s other group`, custom: { topic: mark, kept: 1 } });
    await ada.patch(`/chat/${group}`, { custom: { topic: null } });
    await bob.patch(`/chat/${group}`, { name: 'friends' }).then(({ status }) => {
      if (status !== 200) return ada.patch(`/chat/${group}`, { name: 'friends' });
      return undefined;
    });
    await ada.patch(`/chat/${chatId}/settings`, { private: { note: mark }, pinned: true });
    for (const chat of [chatId, group]) {
      const { id } = await ada.send(chat, `I am ${mark}`, `${mark}-${chat}`);
      await ada.patch(`/message/${id}`, { contents: `I am still ${mark}` });
      await ada.send(chat, mark, `${mark}-gone-${chat}`).then((sent) => ada.delete(`/message/${sent.id}`));
      await bob.send(chat, 'hello', `c${chat}`);
    }
    expect((await placesOf(mark)).length).toBeGreaterThan(8);

    await eraseWholly(ada, 'purge');
    for (const text of [mark, ada.username, ada.email, externalId])
      expect([text, await placesOf(text)]).toEqual([text, []]);
    expect(await messagesOf(bob, group)).toMatchObject({ messages: [{ contents: 'hello', author_id: bob.id }] });
  });

  it('purge: a device that was away ends where one that begins afresh does', async () => {
    const [ada, bob] = await pair();
    const group = await ada.openGroup([bob]);
    await ada.patch(`/chat/${group}`, { name: 'first', custom: { a: 1, b: 2 }, avatar_url: 'https://example.com/1' });
    const before = await sync(bob, {});
    const known = { [group]: before.joined.find(({ id }: { id: number }) => id === group).pts };
    const kept = await bob.send(group, 'kept');
    await ada.send(group, 'gone');
    await ada.patch(`/chat/${group}`, { name: 'second', custom: { a: 3, b: null } });
    await ada.patch(`/chat/${group}`, { avatar_url: null, custom: { c: 4 } });
    await eraseWholly(ada, 'purge');

    const fresh = (await bob.get(`/chat/${group}`)).body;
    const [{ changes, pts }] = (await sync(bob, known, before.epoch)).chats;
    expect(pts).toBe(fresh.pts);
    const state = {
      name: 'first',
      avatar_url: 'https://example.com/1' as string | null,
      custom: { a: 1, b: 2 } as object,
    };
    const messages = new Map<number, unknown>();
    for (const { type, data } of changes) {
      if (type === 'message.state') messages.set(data.id, data);
      if (type === 'message.deleted') messages.delete(data.id);
      if (type !== 'chat.updated') continue;
      state.name = data.name;
      if ('avatar_url' in data) state.avatar_url = data.avatar_url;
      state.custom = Object.fromEntries(
        Object.entries({ ...state.custom, ...data.custom }).filter(([, value]) => value !== null),
      );
    }
    const { name, avatar_url, custom } = fresh;
    expect(state).toEqual({ name, avatar_url, custom });
    expect([...messages.keys()]).toEqual([kept.id]);
    expect((await messagesOf(bob, group)).messages).toEqual([...messages.values()]);
    const { people } = await sync(bob, known, before.epoch);
    expect(people.profiles).toContainEqual(expect.objectContaining({ id: ada.id, name: 'Deleted user' }));
  });

  it.each(['purge', 'anonymise'])('%s: another process goes on where one has ended', async (messages) => {
    const [ada, bob] = await pair();
    const chatId = await ada.openPrivate(bob);
    await insertMessages(test, chatId, ada, 90);
    const last = await bob.send(chatId, 'the last');
    const first = await test.another({});
    await eraseMe(new (ada.constructor as typeof Person)(first, ada.id, ada.username, ada.email, ada.token), messages);
    await hurry(test, ada.id);
    await first.app.close();
    await finished(test, ada.id);
    expect(await test.db.message.count({ where: { author_id: BigInt(ada.id) } })).toBe(0);
    const { messages: left } = await messagesOf(bob, chatId);
    expect(left).toHaveLength(messages === 'purge' ? 1 : 91);
    expect(left[0]).toMatchObject({ id: last.id });
    const { last_pts } = await test.db.chat.findUniqueOrThrow({ where: { id: BigInt(chatId) } });
    // Each of them is one change.
    expect(Number(last_pts)).toBe(last.pts + 90);
  });

  it('are looked for once more, and then no more', async () => {
    const [ada, bob] = await pair();
    const chatId = await ada.openPrivate(bob);
    await eraseWholly(ada, 'purge');
    // As of a request that was under way.
    await insertMessages(test, chatId, ada, 1);
    const user_id = BigInt(ada.id);
    const soon = { created_at: new Date(0), due_at: new Date(0) };
    await test.db.erasure.update({ where: { user_id }, data: soon });
    await expect.poll(() => test.db.erasure.count({ where: { user_id } }), { timeout: 20_000 }).toBe(0);
    expect(await messagesOf(bob, chatId)).toMatchObject({ messages: [] });
  });
});
