import { randomInt } from 'node:crypto';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useApp } from '../../support/app.js';
import { register, registerMany, uniqueName, type Person } from '../../support/client.js';
import { postgresUrl, sharedDatabase } from '../../support/database.js';
import { eraseMe } from '../../support/erasures.js';
import { fourPeople } from '../../support/teams.js';

const test = useApp();

/** A word that nobody else has, of ten letters, none of which comes twice: how alike two words are goes by groups of letters. */
function word(): string {
  const letters = Array.from('abcdefghijklmnopqrstuvwxyz');
  return Array.from({ length: 10 }, () => letters.splice(randomInt(letters.length), 1)[0]).join('');
}
/** The word without its fifth letter. */
const misspelt = (text: string) => text.slice(0, 4) + text.slice(5);
const found = async (person: Person, q: string): Promise<number[]> =>
  (await person.get(`/user/search?q=${encodeURIComponent(q)}`)).body.users.map(({ id }: Person) => id);

/** How many rows the table of words has for this one. */
const rows = (text: string) => test.db.userWord.count({ where: { word: text } });

async function named(name: string): Promise<Person> {
  const person = await register(test);
  await person.patch('/user/me', { name });
  return person;
}

describe('a search for a word with a typo', () => {
  it('finds the word wherever it stands in a name, and before the digits of a username', async () => {
    const [mark, ada] = [word(), await register(test)];
    const people = [await named(mark), await named(`Bob ${mark} Brown`), await named(`Bob Brown ${mark}`)];
    const { id } = await test.db.user.create({ data: { username: `${mark}1987` } });
    expect(await found(ada, misspelt(mark))).toEqual([...people.map((person) => person.id), Number(id)]);
  });

  it('begins with the words that are most alike', async () => {
    const [mark, ada] = [word(), await register(test)];
    const less = await named(`${mark}${word().slice(0, 5)}`);
    const more = await named(mark);
    expect(await found(ada, misspelt(mark))).toEqual([more.id, less.id]);
  });

  it('finds as one word what is written as two, and the other way round', async () => {
    const [one, other, ada] = [word(), word(), await register(test)];
    const apart = await named(`${one.slice(0, 6)} ${other.slice(0, 6)}`);
    expect(await found(ada, `${misspelt(one.slice(0, 6))}${other.slice(0, 6)}`)).toContain(apart.id);
    const mark = word();
    const together = await named(mark);
    expect(await found(ada, `${mark.slice(0, 5)} ${mark.slice(5)}`)).toContain(together.id);
  });

  it('finds somebody of a small team among thousands of others who are called so', async () => {
    const { ada, bob } = await fourPeople(test);
    const mark = word();
    await test.db.$executeRaw`
      insert into public."user" (username, name, teams)
      select ${mark}::text || n, ${mark}::text || ' a', array['crowd'] from generate_series(1, 1200) n`;
    await bob.patch('/user/me', { name: `${mark} z` });
    expect(await found(ada, misspelt(mark))).toEqual([bob.id]);
  });
});

describe('the words in which typos are looked for', () => {
  it('are kept once, and no longer than somebody has them', async () => {
    const [mark, bob, eve] = [word(), await register(test), await register(test)];
    for (const person of [bob, eve]) await person.patch('/user/me', { name: `Some ${mark}7` });
    expect(await rows(mark)).toBe(1);
    await bob.patch('/user/me', { name: 'Bob' });
    expect(await rows(mark)).toBe(1);
    await eve.patch('/user/me', { name: mark });
    expect(await rows(mark)).toBe(1);
    await eve.patch('/user/me', { name: 'Eve' });
    expect(await rows(mark)).toBe(0);
  });

  it('are no numbers, and nothing shorter than three letters', async () => {
    await named('Li 1234567 x1234567');
    for (const text of ['li', '1234567', 'x', 'x1234567']) expect(await rows(text)).toBe(0);
  });

  it('go with those who do not want to be found, and who are erased', async () => {
    const [mark, other] = [word(), word()];
    const [bob, eve] = [await named(mark), await named(other)];
    await bob.patch('/user/me', { findable: false });
    await eraseMe(eve);
    expect([await rows(mark), await rows(other)]).toEqual([0, 0]);
    await bob.patch('/user/me', { findable: true });
    expect(await rows(mark)).toBe(1);
  });

  it('stay while somebody of any team has them', async () => {
    const { ada, bob, eve } = await fourPeople(test);
    const mark = word();
    for (const person of [bob, eve]) await person.patch('/user/me', { name: `Some ${mark}` });
    await eve.patch('/user/me', { name: 'Eve' });
    expect(await found(ada, misspelt(mark))).toEqual([bob.id]);
    await bob.patch('/user/me', { name: 'Bob' });
    expect(await rows(mark)).toBe(0);
  });

  it('are those of the people who have them in the end, when many change their names at once', async () => {
    const [mark, ada, people] = [word(), await register(test), await registerMany(test, 8)];
    for (let round = 0; round < 3; round++) {
      await Promise.all(
        people.map((person, index) => person.patch('/user/me', { name: index % 2 === round % 2 ? mark : 'Bob' })),
      );
      const ids = people.filter((_, index) => index % 2 === round % 2).map(({ id }) => id);
      expect(await found(ada, misspelt(mark))).toEqual(ids.sort((one, other) => one - other));
    }
  });
});

describe.skipIf(!postgresUrl)('words of transactions at the same time (needs TEST_DATABASE_URL)', () => {
  /** A transaction that is open, and fails rather than wait. */
  async function begin(): Promise<pg.Client> {
    const client = new pg.Client((await sharedDatabase()).url);
    await client.connect();
    onTestFinished(() => client.end());
    await client.query(`begin; set local lock_timeout = '500ms'`);
    return client;
  }
  const add = (client: pg.Client, name: string) =>
    client.query('insert into "user" (username, name) values ($1, $2)', [uniqueName(), name]);

  it('wait for no one, in whichever order they come', async () => {
    const [one, other, ada] = [word(), word(), await register(test)];
    const [first, second] = [await begin(), await begin()];
    await add(first, one);
    await add(second, other);
    await add(first, other);
    await add(second, one);
    await first.query('commit');
    await second.query('rollback');
    expect(await found(ada, misspelt(one))).toHaveLength(1);
    expect(await found(ada, misspelt(other))).toHaveLength(1);
  });

  it('stay for a user who takes one while the last one who has it gives it up', async () => {
    for (const leavesFirst of [true, false]) {
      const [mark, ada] = [word(), await register(test)];
      const bob = await named(mark);
      const [taking, leaving] = [await begin(), await begin()];
      const leave = () => leaving.query(`update "user" set name = 'Bob' where id = $1`, [bob.id]);
      if (leavesFirst) await leave();
      await add(taking, mark);
      if (!leavesFirst) await leave();
      await leaving.query('commit');
      await taking.query('commit');
      expect(await found(ada, misspelt(mark))).toHaveLength(1);
    }
  });
});
