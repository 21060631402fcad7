import { expect } from 'vitest';
import { registerMany, type Person, type TestTarget } from './client.js';
import { Host } from './host.js';

/** As the host application does it. */
export async function joinTeams(host: Host, person: Pick<Person, 'id'>, teams: string[]): Promise<void> {
  expect((await host.patch(`/server/users/${person.id}`, { teams })).status).toBe(200);
}

/** Two of one team, one of another, and one of none. */
export async function fourPeople(
  test: TestTarget,
): Promise<{ host: Host; ada: Person; bob: Person; eve: Person; joe: Person }> {
  const host = await Host.of(test);
  const [ada, bob, eve, joe] = (await registerMany(test, 4)) as [Person, Person, Person, Person];
  await joinTeams(host, ada, ['engines', 'all']);
  await joinTeams(host, bob, ['engines']);
  await joinTeams(host, eve, ['Engines']);
  return { host, ada, bob, eve, joe };
}
