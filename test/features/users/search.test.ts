import { describe, expect, it } from 'vitest';
import { NO_LIMITS } from '../../support/app.js';
import { registerAdmin } from '../../support/admins.js';
import { call, expectError, register, registerMany, uniqueName, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { useServer } from '../../support/socket.js';

const test = useServer();

/** A word that nobody else has, of letters alone. */
const word = () => Array.from(uniqueName(), (letter) => String.fromCharCode(97 + (letter.charCodeAt(0) % 26))).join('');
const search = (person: Person, q: string, more = '') => person.get(`/user/search?q=${encodeURIComponent(q)}${more}`);
const found = async (person: Person, q: string, more = '') =>
  (await search(person, q, more)).body.users.map(({ id }: Person) => id);

async function named(name: string): Promise<Person> {
  const person = await register(test);
  await person.patch('/user/me', { name });
  return person;
}

describe('GET /user/search', () => {
  it('finds people by the beginning of any word of their name, and of their username', async () => {
    const [mark, ada] = [word(), await register(test)];
    const bob = await named(`Bob ${mark} Brown`);
    expect(await found(ada, mark)).toEqual([bob.id]);
    expect(await found(ada, `${mark} Bro`)).toEqual([bob.id]);
    expect(await found(ada, `  ${mark.slice(0, -1).toUpperCase()} `)).toEqual([bob.id]);
    expect(await found(ada, bob.username)).toEqual([bob.id]);
    expect((await search(ada, mark)).body.users[0]).toEqual({
      ...{ id: bob.id, username: bob.username, name: `Bob ${mark} Brown` },
      ...{ avatar_url: null, external_id: null, version: expect.any(Number) },
    });
  });

  it('forgets names that people had before', async () => {
    const [mark, ada] = [word(), await register(test)];
    const bob = await named(mark);
    await bob.patch('/user/me', { name: 'Bob' });
    expect(await found(ada, mark)).toEqual([]);
  });

  // cspell:disable
  it('takes no heed of case, accents and punctuation, in any script', async () => {
    const [mark, ada] = [word(), await register(test)];
    const bob = await named(`Jürgen Strauß-Łuk ${mark}`);
    const eve = await named(`ЖАННА Ёлкина ${mark}`);
    for (const q of ['jurgen strauss luk', 'JÜRGEN STRAUẞ łuk', 'Ju\u0308rgen Strauß/Łuk'])
      expect((await found(ada, `${q} ${mark}`))[0]).toBe(bob.id);
    for (const q of [`жанна елкина ${mark}`, `ЕЛКИНА ${mark}`]) expect((await found(ada, q))[0]).toBe(eve.id);
  });

  // cspell:enable

  it('finds names without spaces by their beginning', async () => {
    const ada = await register(test);
    const bob = await named('山田太郎');
    for (const q of ['山', '山田', '山田太郎']) expect(await found(ada, q)).toEqual([bob.id]);
    for (const q of ['山太', '郎']) expect(await found(ada, q)).toEqual([]);
  });

  it('sees through typos, after those whose words begin so', async () => {
    const [mark, ada] = [word().slice(0, 10), await register(test)];
    const typo = `${mark.slice(0, 4)}${mark.slice(5)}`;
    const bob = await named(`Bob ${mark}`);
    expect(await found(ada, typo)).toContain(bob.id);
    const eve = await named(`Eve ${typo}`);
    expect((await found(ada, typo)).slice(0, 2)).toEqual([eve.id, bob.id]);
    expect(await found(ada, mark.slice(1, 3))).not.toContain(bob.id);
  });

  it('begins with who has just this username, then by id', async () => {
    const [mark, ada] = [word(), await register(test)];
    const [one, two, three] = [await named(mark), await named(mark), await register(test)];
    await test.db.user.update({ where: { id: BigInt(three.id) }, data: { username: mark } });
    expect(await found(ada, mark.toUpperCase())).toEqual([three.id, one.id, two.id]);
    expect(await found(ada, mark, '&limit=2')).toEqual([three.id, one.id]);
  });

  it('names a person once, however often the words are theirs', async () => {
    const [mark, ada] = [word(), await register(test)];
    const bob = await named(Array.from({ length: 6 }, (_, index) => `${mark}${index}`).join(' '));
    expect(await found(ada, mark)).toEqual([bob.id]);
  });

  it('knows no wildcards', async () => {
    const [mark, ada] = [word(), await register(test)];
    await named(mark);
    const wild = ['%', '_', '*', '.*'].map((any) => `${mark[0]}${any}${mark.slice(2, 4)}`);
    for (const q of [...wild, '%', '_', '%%%', '\\', "'"]) expect(await found(ada, q)).toEqual([]);
  });

  it('leaves out the user, people who do not want to be found, and who has blocked or is blocked', async () => {
    const mark = word();
    const people = (await registerMany(test, 4)).sort((one, other) => one.id - other.id);
    for (const person of people) await person.patch('/user/me', { name: mark });
    const [ada, bob, eve, joe] = people as [Person, Person, Person, Person];
    expect(await found(ada, mark)).toEqual([bob.id, eve.id, joe.id]);
    await ada.put(`/user/blocks/${bob.id}`);
    await eve.put(`/user/blocks/${ada.id}`);
    expect((await joe.patch('/user/me', { findable: false })).body).toMatchObject({ findable: false });
    expect(await found(ada, mark)).toEqual([]);
    expect(await found(ada, joe.username)).toEqual([]);
    expect(await found(bob, mark)).toEqual([eve.id]);
    await joe.patch('/user/me', { findable: true });
    await ada.delete(`/user/blocks/${bob.id}`);
    expect(await found(ada, mark)).toEqual([bob.id, joe.id]);
  });

  it('leaves out users who are suspended, and the one who stands for the application', async () => {
    const [mark, admin] = [word(), await registerAdmin(test)];
    const bob = await named(mark);
    await admin.post(`/admin/users/${bob.id}/suspend`, { reason: 'Spam.' });
    expect(await found(admin, mark)).toEqual([]);
    expect(await found(admin, bob.username)).toEqual([]);
    // There is one at most, which another test may have made.
    const app = { username: `app.${mark}`, name: mark };
    const { count } = await test.db.user.updateMany({ where: { is_app: true }, data: app });
    if (count === 0) await test.db.user.create({ data: { ...app, is_app: true } });
    expect(await found(admin, mark)).toEqual([]);
    expect(await found(admin, `app.${mark}`)).toEqual([]);
  });

  it('does not look into e-mail addresses and external ids', async () => {
    const [mark, host, ada] = [word(), await Host.of(test), await register(test)];
    const { body } = await host.put(`/server/users/ext:${mark}`, { email: `${mark}@example.com`, name: 'Somebody' });
    for (const q of [mark, `ext:${mark}`, `${mark}@example.com`])
      expect(await found(ada, q)).not.toContain(body.user.id);
  });

  it('lets the host application say who is found', async () => {
    const [mark, host, ada] = [word(), await Host.of(test), await register(test)];
    const put = (user: object) => host.put(`/server/users/ext:${mark}`, { name: mark, ...user });
    expect((await put({ findable: false })).body.user).toMatchObject({ findable: false });
    expect(await found(ada, mark)).toEqual([]);
    expect((await put({})).body).toMatchObject({ outcome: 'unchanged', user: { findable: false } });
    const { user } = (await host.patch(`/server/users/ext:${mark}`, { findable: true })).body;
    expect(await found(ada, mark)).toEqual([user.id]);
  });

  it('finds users whom a version before this one has written', async () => {
    const [mark, ada] = [word(), await register(test)];
    const { id } = await test.db.user.create({ data: { username: mark } });
    expect(await found(ada, mark)).toEqual([Number(id)]);
  });

  it.each([
    ['no words', ''],
    ['empty words', 'q='],
    ['only spaces', 'q=%20%E2%80%8B'],
    ['129 characters', `q=${'x'.repeat(129)}`],
    ['a NUL', 'q=a%00'],
    ['a limit of 0', 'q=a&limit=0'],
    ['a limit of 51', 'q=a&limit=51'],
  ])('refuses %s', async (_what, query) => {
    expectError(await (await register(test)).get(`/user/search?${query}`), 422, 'VALIDATION_ERROR', {
      errors: expect.any(Object),
    });
  });

  it('takes 128 characters, each of four bytes', async () => {
    const ada = await register(test);
    expect(await found(ada, ` ${'😀'.repeat(128)} `, '&limit=50')).toEqual([]);
  });

  it('needs a token of a user who is there', async () => {
    expectError(await call(test, 'GET', '/user/search?q=a'), 401, 'NOT_AUTHORIZED');
    const ada = await register(test);
    const token = test.app.createAccessToken(9_999_999);
    const answer = await call(test, 'GET', `/user/search?q=${ada.username}`, { token });
    expectError(answer, 401, 'NOT_AUTHORIZED');
  });
});

describe('the limit of searches', () => {
  const limited = useServer({ rateLimits: { ...NO_LIMITS, searches: 2 } });

  it('counts those of a user', async () => {
    const [ada, bob] = (await registerMany(limited, 2)) as [Person, Person];
    for (let count = 0; count < 2; count++) expect((await search(ada, 'x')).status).toBe(200);
    expectError(await search(ada, 'x'), 429, 'TOO_MANY_REQUESTS');
    expect((await search(bob, 'x')).status).toBe(200);
  });
});
