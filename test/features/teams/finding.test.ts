import { describe, expect, it } from 'vitest';
import { register, uniqueName, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { useApp } from '../../support/app.js';
import { fourPeople, joinTeams } from '../../support/teams.js';

const test = useApp();

/** A word that nobody else has, of letters alone. */
const word = () => Array.from(uniqueName(), (letter) => String.fromCharCode(97 + (letter.charCodeAt(0) % 26))).join('');
const found = async (person: Person, q: string): Promise<number[]> => {
  const { status, body } = await person.get(`/user/search?q=${encodeURIComponent(q)}`);
  expect(status).toBe(200);
  return (body.users as Person[]).map(({ id }) => id);
};

describe('GET /user/search', () => {
  it('finds by any word, by username and through typos those whom the user meets, and nobody else', async () => {
    const { ada, bob, eve, joe } = await fourPeople(test);
    const mark = word().slice(0, 10);
    const typo = `${mark.slice(0, 4)}${mark.slice(5)}`;
    const people = [ada, bob, eve, joe];
    for (const person of people) await person.patch('/user/me', { name: `Some ${mark}` });
    // Joe is in no team, and so may find people of other tests, whose random names are alike.
    const foundByJoe = async (q: string) => {
      const ids = await found(joe, q);
      return people.map(({ id }) => id).filter((id) => ids.includes(id));
    };
    for (const q of [mark, mark.slice(0, 6), typo]) {
      expect(await found(ada, q)).toEqual([bob.id]);
      expect(await found(bob, q)).toEqual([ada.id]);
      expect(await found(eve, q)).toEqual([]);
      expect(await foundByJoe(q)).toEqual([]);
    }
    expect(await found(ada, bob.username)).toEqual([bob.id]);
    for (const [person, other] of [
      [ada, eve],
      [ada, joe],
      [eve, bob],
    ] as const)
      expect(await found(person, other.username)).toEqual([]);
    expect(await foundByJoe(ada.username)).toEqual([]);
  });

  it('follows a user from team to team', async () => {
    const { host, ada, bob, joe } = await fourPeople(test);
    const mark = word();
    await ada.patch('/user/me', { name: mark });
    await joinTeams(host, ada, ['looms']);
    expect([await found(bob, mark), await found(joe, mark)]).toEqual([[], []]);
    await joinTeams(host, ada, []);
    expect([await found(bob, mark), await found(joe, mark)]).toEqual([[], [ada.id]]);
    await joinTeams(host, ada, ['looms', 'engines']);
    expect([await found(bob, mark), await found(joe, mark)]).toEqual([[ada.id], []]);
    await ada.patch('/user/me', { findable: false });
    expect(await found(bob, mark)).toEqual([]);
  });

  it('names somebody once with whom the user has several teams in common', async () => {
    const { host, ada, bob } = await fourPeople(test);
    const [mark, teams] = [word(), Array.from({ length: 100 }, (_, index) => `t${index}`)];
    await bob.patch('/user/me', { name: `${mark} ${mark}x` });
    for (const person of [ada, bob]) await joinTeams(host, person, teams);
    expect(await found(ada, mark)).toEqual([bob.id]);
  });

  it('knows no teams by their names', async () => {
    const [host, team] = [await Host.of(test), word().slice(0, 12)];
    const { ada, bob } = await fourPeople(test);
    for (const person of [ada, bob]) await joinTeams(host, person, [team]);
    const joe = await register(test);
    for (const q of [team, `/${team}`, `/${team}/`, `/${team}/${bob.username}`, '/', '//', `//${bob.username}`]) {
      if (q.includes(bob.username)) expect(await found(joe, q)).not.toContain(bob.id);
      else for (const person of [ada, joe]) expect(await found(person, q)).toEqual([]);
    }
  });

  it('finds somebody of a small team among thousands of others who are called so', async () => {
    const { ada, bob } = await fourPeople(test);
    const mark = word();
    await test.db.$executeRaw`
      insert into public."user" (username, name, teams)
      select ${mark}::text || n, ${mark}::text || ' a', array['crowd'] from generate_series(1, 1200) n`;
    await bob.patch('/user/me', { name: `${mark} z` });
    expect(await found(ada, mark)).toEqual([bob.id]);
  });
});
