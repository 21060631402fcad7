import { expect, it } from 'vitest';
import { removeOldVersions } from '../../../src/features/message-versions/versions.queries.js';
import { useApp } from '../../support/app.js';
import { expectError, registerMany, type Person } from '../../support/client.js';
import { eraseMe } from '../../support/erasures.js';

const test = useApp();

const RULES = {
  maxLength: 2047,
  editHistory: { days: 30, isForEveryone: false },
  editWindowSeconds: { private: 0, group: 0 },
};

async function inGroup(contents: string) {
  const [owner, author, member] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await owner.openGroup([author, member]);
  const sent = await author.send(chatId, contents);
  return { owner, author, member, chatId, sent, path: `/message/${sent.id}/versions` };
}

const age = (days: number, id: number) =>
  test.db.$executeRaw`
    update public.message_version set replaced_at = replaced_at - ${days}::int8 * interval '1 day' where message_id = ${id}`;

it('shows the author and moderators how a message read before, and nobody else', async () => {
  const { owner, author, member, chatId, sent, path } = await inGroup('Hello');
  const [moderator, outsider] = (await registerMany(test, 2)) as [Person, Person];
  await owner.post(`/chat/${chatId}/participants`, { user_ids: [moderator.id] });
  await owner.patch(`/chat/${chatId}/participants/${moderator.id}`, { role: 'moderator' });
  const second = (await author.patch(`/message/${sent.id}`, { contents: 'hello', custom: { a: 1 } })).body;
  await member.put(`/message/${sent.id}/reactions/👍`);
  const third = (await author.patch(`/message/${sent.id}`, { contents: 'hello', custom: { a: 2 } })).body;
  const { status, body } = await author.get(path);
  expect(status).toBe(200);
  expect(body).toEqual({
    ...{ next: null, has_more: false, count: 2 },
    versions: [
      {
        ...{ version: third.version - 1, contents: 'hello', custom: { a: 1 } },
        ...{ written_at: second.updated_at, replaced_at: third.updated_at },
      },
      { version: sent.pts, contents: 'Hello', written_at: sent.created_at, replaced_at: second.updated_at },
    ],
  });
  expect((await moderator.get(path)).body).toEqual(body);
  expect((await owner.get(path)).body).toEqual(body);
  expectError(await member.get(path), 403, 'RIGHT_MISSING');
  expectError(await outsider.get(path), 404, 'MESSAGE_DOES_NOT_EXIST');
  await owner.delete(`/chat/${chatId}/participants/${author.id}`);
  expectError(await author.get(path), 404, 'MESSAGE_DOES_NOT_EXIST');
});

it('keeps nothing of an edit that changes nothing, that is repeated, that is refused, or that names others alone', async () => {
  const { author, member, sent, path } = await inGroup('same');
  await author.patch(`/message/${sent.id}`, { contents: 'same' });
  await author.patch(`/message/${sent.id}`, { contents: 'same', mentions: { user_ids: [member.id] } });
  await author.patch(`/message/${sent.id}`, { contents: 'late', if_version: 1 });
  await member.patch(`/message/${sent.id}`, { contents: 'not mine' });
  expect((await author.get(path)).body.versions).toEqual([]);
  for (let time = 0; time < 2; time++) await author.patch(`/message/${sent.id}`, { contents: 'other', client_id: 'e' });
  expect((await author.get(path)).body.versions).toMatchObject([{ contents: 'same' }]);
});

it('pages through the last hundred', async () => {
  const { author, sent, path } = await inGroup('0');
  await test.db.$executeRaw`
    insert into public.message_version (message_id, version, author_id, contents, written_at, replaced_at)
    select ${sent.id}, 1000 + n, ${author.id}, n::text, now(), now() from generate_series(1, 104) n`;
  await author.patch(`/message/${sent.id}`, { contents: 'last' });
  const seen: string[] = [];
  for (let url: string | undefined = `${path}?limit=40`; url !== undefined;) {
    const { body } = await author.get(url);
    seen.push(...body.versions.map(({ contents }: { contents: string }) => contents));
    expect(body.has_more).toBe(body.next !== null);
    url = body.next === null ? undefined : `${path}?limit=40&cursor=${body.next}`;
  }
  expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => String(104 - index)));
});

it('ends with the message, after the time that the operator says, and with the account', async () => {
  const { author, member, chatId, sent, path } = await inGroup('first');
  const kept = (id: number) => test.db.messageVersion.count({ where: { message_id: BigInt(id) } });
  await author.patch(`/message/${sent.id}`, { contents: 'second' });
  await age(31, sent.id);
  expect((await author.get(path)).body.versions).toEqual([]);
  await removeOldVersions(test.db, 30, 1000);
  expect(await kept(sent.id)).toBe(0);

  await author.patch(`/message/${sent.id}`, { contents: 'third' });
  await removeOldVersions(test.db, 30, 1000);
  expect(await kept(sent.id)).toBe(1);
  await author.delete(`/message/${sent.id}`);
  expect(await kept(sent.id)).toBe(0);

  const other = await member.send(chatId, 'a secret');
  await member.patch(`/message/${other.id}`, { contents: 'nothing' });
  const lines = (await member.get('/user/me/export')).body
    .trim()
    .split('\n')
    .map((line: string) => JSON.parse(line));
  const exported = lines.find(({ type }: { type: string }) => type === 'message');
  expect(exported).toMatchObject({ data: { id: other.id }, versions: [{ contents: 'a secret' }] });
  await eraseMe(member, 'keep');
  await expect.poll(() => kept(other.id)).toBe(0);
});

it('is for everybody, or not kept at all, when the operator says so', async () => {
  const { author, member, sent, path } = await inGroup('one');
  const asAnother = async (editHistory: (typeof RULES)['editHistory']) => {
    const { app } = await test.another({ messages: { ...RULES, editHistory } });
    const ask = (person: Person, method: 'GET' | 'PATCH', url: string, payload?: object) =>
      app.inject({ method, url, headers: { authorization: `Bearer ${person.token}` }, ...(payload && { payload }) });
    return ask;
  };
  const none = await asAnother({ days: 0, isForEveryone: true });
  await none(author, 'PATCH', `/message/${sent.id}`, { contents: 'two' });
  expect((await author.get(path)).body.versions).toEqual([]);
  const open = await asAnother({ days: 1, isForEveryone: true });
  await open(author, 'PATCH', `/message/${sent.id}`, { contents: 'three' });
  expect((await open(member, 'GET', path)).json().versions).toMatchObject([{ contents: 'two' }]);
  expectError(await member.get(path), 403, 'RIGHT_MISSING');
});

it('refuses an edit that comes too late, by the type of the chat', async () => {
  const { author, owner, chatId, sent } = await inGroup('old');
  const privately = await author.send(await author.openPrivate(owner), 'old');
  for (const id of [sent.id, privately.id]) {
    await test.db.$executeRaw`update public.message set created_at = now() - interval '2 minutes' where id = ${id}`;
  }
  const { app } = await test.another({ messages: { ...RULES, editWindowSeconds: { private: 0, group: 60 } } });
  const edit = async (id: number) => {
    const headers = { authorization: `Bearer ${author.token}` };
    const answer = await app.inject({ method: 'PATCH', url: `/message/${id}`, headers, payload: { contents: 'new' } });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  };
  expectError(await edit(sent.id), 403, 'EDIT_WINDOW_OVER');
  expect((await edit(privately.id)).status).toBe(200);
  expect((await edit((await author.send(chatId, 'young')).id)).status).toBe(200);
  expect((await owner.delete(`/message/${sent.id}`)).status).toBe(200);
});
