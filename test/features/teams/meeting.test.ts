import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { expectError, uniqueName, type Answer, type Person } from '../../support/client.js';
import { postgresUrl, sharedDatabase } from '../../support/database.js';
import { lockChat } from '../../support/locks.js';
import { Socket, useServer } from '../../support/socket.js';
import { fourPeople, joinTeams } from '../../support/teams.js';

const test = useServer();

/** Nobody has this id. */
const UNKNOWN = 2_000_000_000;

/** Word for word what an id of nobody is told, but for the id itself. */
function expectSame(answer: Answer, id: number, unknown: Answer): void {
  const plain = ({ status, body }: Answer, of: number) => {
    const { request_id, ...details } = body.details as Record<string, unknown>;
    expect(request_id).toBeDefined();
    return JSON.stringify([status, details]).replaceAll(String(of), 'ID');
  };
  expect(plain(answer, id)).toBe(plain(unknown, UNKNOWN));
}

const openPrivate = (person: Person, with_user_id: number) => person.post('/chat/private/create', { with_user_id });
const openGroup = (person: Person, with_ids: number[], client_id?: string) =>
  person.post('/chat/group/create', { with_ids, name: 'a group', ...(client_id !== undefined && { client_id }) });
const add = (person: Person, chatId: number, user_ids: number[]) =>
  person.post(`/chat/${chatId}/participants`, { user_ids });

describe('people of the same team, and people of none', () => {
  it('meet in every way', async () => {
    const { host, ada, bob, eve, joe } = await fourPeople(test);
    await joinTeams(host, eve, []);
    for (const [one, other] of [
      [ada, bob],
      [eve, joe],
    ] as const) {
      expect((await one.get(`/user/${other.id}`)).status).toBe(200);
      expect((await openPrivate(one, other.id)).status).toBe(200);
      const group = await openGroup(one, [other.id]);
      expect(group.status).toBe(200);
      expect((await one.put(`/user/blocks/${other.id}`)).status).toBe(200);
    }
  });
});

describe('somebody whom the user does not meet', () => {
  it('is not there, whichever of the two asks', async () => {
    const { ada, bob, eve, joe } = await fourPeople(test);
    const chatId = await ada.openGroup([bob]);
    for (const [one, other] of [
      [ada, eve],
      [ada, joe],
      [bob, eve],
      [bob, joe],
    ] as const) {
      for (const [person, { id }] of [
        [one, other],
        [other, one],
      ] as const) {
        expectError(await person.get(`/user/${id}`), 404, 'USER_NOT_FOUND');
        expectSame(await openPrivate(person, id), id, await openPrivate(person, UNKNOWN));
        expectSame(await openGroup(person, [id]), id, await openGroup(person, [UNKNOWN]));
        expectSame(await person.put(`/user/blocks/${id}`), id, await person.put(`/user/blocks/${UNKNOWN}`));
        expectSame(await person.delete(`/user/blocks/${id}`), id, await person.delete(`/user/blocks/${UNKNOWN}`));
      }
      expectSame(await add(one, chatId, [other.id]), other.id, await add(one, chatId, [UNKNOWN]));
    }
    for (const person of [ada, bob, eve, joe]) {
      expect((await person.get('/user/blocks')).body.users).toEqual([]);
      expect((await person.get('/user/chats')).body.chats.map(({ id }: { id: number }) => id)).toEqual(
        [ada, bob].includes(person) ? [chatId] : [],
      );
    }
    expect((await ada.get(`/chat/${chatId}`)).body.participant_count).toBe(2);
  });

  it('cannot be told from nobody by who is named first, and keeps all others out', async () => {
    const { ada, bob, eve } = await fourPeople(test);
    const chatId = await ada.openGroup([bob]);
    const client_id = uniqueName();
    for (const ids of [
      [bob.id, eve.id, UNKNOWN],
      [bob.id, UNKNOWN, eve.id],
    ]) {
      const first = `There is no user ${ids[1]}.`;
      expectError(await openGroup(ada, ids, client_id), 400, 'USER_NOT_EXISTS', { errors: { with_ids: first } });
      expectError(await add(ada, chatId, ids), 400, 'USER_NOT_EXISTS', { errors: { user_ids: first } });
    }
    expect((await bob.get('/user/chats')).body.count).toBe(1);
    expect((await openGroup(ada, [bob.id], client_id)).status).toBe(200);
  });

  it('is not there for a key that asks as the user either, but for the application itself', async () => {
    const { host, ada, bob, eve } = await fourPeople(test);
    const as = (url: string, body: unknown) => host.as(String(ada.id), 'POST', url, body);
    expectError(await as('/chat/private/create', { with_user_id: eve.id }), 400, 'USER_NOT_EXISTS', {
      errors: { with_user_id: `There is no user ${eve.id}.` },
    });
    expectError(await host.as(String(ada.id), 'GET', `/user/${eve.id}`), 404, 'USER_NOT_FOUND');
    const members = [ada, eve].map(({ id }) => String(id));
    expect((await host.post('/server/chats', { type: 'private', members })).body.outcome).toBe('created');
    const group = (await host.put(`/server/chats/key:${uniqueName()}`, { members: [members[0]] })).body.chat;
    expectError(await as(`/chat/${group.id}/participants`, { user_ids: [eve.id] }), 400, 'USER_NOT_EXISTS', {
      errors: { user_ids: `There is no user ${eve.id}.` },
    });
    const added = await host.post(`/server/chats/${group.id}/members`, { members: [members[1], String(bob.id)] });
    expect(added.body).toMatchObject({ changed: 2 });
  });

  it('is there for those who share a chat with them, which goes on', async () => {
    const { host, ada, bob, eve } = await fourPeople(test);
    const chatId = await ada.openPrivate(bob);
    const group = (await host.put(`/server/chats/key:${uniqueName()}`, { members: [`${ada.id}`, `${eve.id}`] })).body
      .chat;
    await joinTeams(host, bob, ['looms']);
    for (const other of [bob, eve]) {
      expect((await ada.get(`/user/${other.id}`)).body).toMatchObject({ id: other.id });
      expect((await other.get(`/user/${ada.id}`)).body).toMatchObject({ id: ada.id });
      expect(await ada.put(`/user/blocks/${other.id}`)).toMatchObject({ status: 200 });
      expect(await ada.delete(`/user/blocks/${other.id}`)).toMatchObject({ status: 200 });
    }
    await ada.send(chatId, 'still here');
    await bob.send(chatId, 'so am I');
    // Elsewhere they are nobody to each other.
    expect((await openGroup(ada, [bob.id])).status).toBe(400);
    expect((await add(eve, group.id, [bob.id])).status).toBe(400);
    expect((await openPrivate(ada, eve.id)).status).toBe(400);
  });

  it('can still be taken from the blocked once they are', async () => {
    const { host, ada, bob } = await fourPeople(test);
    await ada.put(`/user/blocks/${bob.id}`);
    await joinTeams(host, bob, []);
    expect((await ada.get('/user/blocks')).body.users).toHaveLength(1);
    expect((await ada.delete(`/user/blocks/${bob.id}`)).status).toBe(200);
    expectError(await ada.put(`/user/blocks/${bob.id}`), 404, 'USER_NOT_FOUND');
  });

  it('is nobody of whom presence tells', async () => {
    const { ada, eve } = await fourPeople(test);
    await Socket.of(eve);
    const answer = await (await Socket.of(ada)).ask({ type: 'presence.subscribe', user_ids: [eve.id] });
    expect(answer.data).toEqual([]);
  });
});

describe('teams that change meanwhile', () => {
  it.skipIf(!postgresUrl)('count as they are when a person is added (needs TEST_DATABASE_URL)', async () => {
    const { host, ada, bob, eve } = await fourPeople(test);
    const chatId = await ada.openGroup([bob]);
    await joinTeams(host, eve, ['all']);
    const client = await lockChat((await sharedDatabase()).url, chatId);
    const adding = add(ada, chatId, [eve.id]);
    await sleep(100);
    await joinTeams(host, eve, ['looms']);
    await client.query('commit');
    expectError(await adding, 400, 'USER_NOT_EXISTS', { errors: { user_ids: `There is no user ${eve.id}.` } });
    expect((await ada.get(`/chat/${chatId}`)).body.participant_count).toBe(2);
  });

  it('let nobody be added or written to once the change has been answered', async () => {
    const { host, ada, bob, eve } = await fourPeople(test);
    await joinTeams(host, eve, ['engines']);
    const chatId = await ada.openGroup([bob]);
    let hasLeft = false;
    const late: number[] = [];
    const tries = Array.from({ length: 20 }, async (_, index) => {
      await sleep(index);
      const wasAway = hasLeft;
      const { status } = await (index % 2 === 0 ? add(ada, chatId, [eve.id]) : openGroup(ada, [bob.id, eve.id]));
      if (wasAway) late.push(status);
      return status;
    });
    await sleep(5);
    const leaving = joinTeams(host, eve, ['looms']).then(() => (hasLeft = true));
    const statuses = await Promise.all(tries);
    await leaving;
    expect(new Set(late)).toEqual(late.length > 0 ? new Set([400]) : new Set());
    expect(statuses.filter((status) => ![200, 400].includes(status))).toEqual([]);
    expect((await add(ada, chatId, [eve.id])).status).toBe(400);
  });
});
