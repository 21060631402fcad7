import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  RIGHTS,
  RIGHTS_IN_PRIVATE,
  RIGHTS_OF_ROLES,
  ROLES,
  type Right,
  type Role,
} from '../../../src/shared/rights.js';
import { useApp } from '../../support/app.js';
import { expectError, registerMany, type Answer, type Person } from '../../support/client.js';

const test = useApp();

/** A chat, somebody of each role in it, and somebody who may be added and removed. */
interface World {
  readonly url: string;
  readonly people: Readonly<Record<Role, Person>>;
  readonly spare: Person;
}

async function openWorld(): Promise<World> {
  const [owner, admin, moderator, member, reader, spare] = (await registerMany(test, 6)) as [Person, ...Person[]] & {
    length: 6;
  };
  const people = { owner, admin, moderator, member, reader } as World['people'];
  const chatId = await owner.openGroup([admin!, moderator!, member!, reader!, spare!]);
  const url = `/chat/${chatId}`;
  for (const role of ['admin', 'moderator', 'reader'] as const) await giveRole(owner, url, people[role], role);
  return { url, people, spare: spare! };
}

async function giveRole(giver: Person, url: string, { id }: Person, role: Role): Promise<void> {
  expect(await giver.patch(`${url}/participants/${id}`, { role })).toMatchObject({ status: 200 });
}

/** What one does who uses a right. */
const ACTS: Readonly<Record<Right, (actor: Person, world: World) => Promise<Answer>>> = {
  send: (actor, { url }) => actor.post(`${url}/message`, { contents: 'hello' }),
  mention_all: (actor, { url }) => actor.post(`${url}/message`, { contents: 'all of you', mentions: { all: true } }),
  pin: async (actor, { url, people }) => {
    const { body } = await people.owner.post(`${url}/message`, { contents: 'to be pinned' });
    return actor.put(`/message/${body.id}/pin`, {});
  },
  create_poll: (actor, { url }) =>
    actor.post(`${url}/message`, { contents: 'a question', poll: { question: 'When?', options: ['now', 'later'] } }),
  rename: (actor, { url }) => actor.patch(url, { name: 'a group', description: `of ${actor.id}` }),
  add_member: (actor, { url, spare }) => actor.post(`${url}/participants`, { user_ids: [spare.id] }),
  invite: (actor, { url }) => actor.post(`${url}/invite-links`, {}),
  admit: (actor, { url }) => actor.get(`${url}/join-requests`),
  remove_member: async (actor, { url, people, spare }) => {
    await people.owner.post(`${url}/participants`, { user_ids: [spare.id] });
    return actor.delete(`${url}/participants/${spare.id}`);
  },
  moderate: async (actor, { url, people, spare }) => {
    await people.owner.post(`${url}/participants`, { user_ids: [spare.id] });
    const answer = await actor.put(`${url}/participants/${spare.id}/restriction`, { reason: 'too loud' });
    await people.owner.delete(`${url}/participants/${spare.id}/restriction`);
    return answer;
  },
  delete_any: async (actor, { url, people }) => {
    const other = actor === people.owner ? people.admin : people.owner;
    const { body } = await other.post(`${url}/message`, { contents: 'of another' });
    return actor.delete(`/message/${body.id}`);
  },
  slow_exempt: async (actor, { url, people }) => {
    await people.owner.patch(url, { frozen: true });
    const answer = await actor.post(`${url}/message`, { contents: 'in the ice' });
    await people.owner.patch(url, { frozen: false });
    return answer;
  },
  freeze: (actor, { url }) => actor.patch(url, { slow_mode_seconds: 0 }),
  set_roles: async (actor, { url, people, spare }) => {
    await people.owner.post(`${url}/participants`, { user_ids: [spare.id] });
    const answer = await actor.patch(`${url}/participants/${spare.id}`, { role: 'reader' });
    await giveRole(people.owner, url, spare, 'member');
    return answer;
  },
  set_rights: (actor, { url }) => actor.patch(url, { history_from_now: false, public: false }),
  set_custom: (actor, { url }) => actor.patch(url, { custom: { color: `${actor.id}` } }),
  hand_over: async (actor, { url, people, spare }) => {
    await people.owner.post(`${url}/participants`, { user_ids: [spare.id] });
    const answer = await actor.patch(`${url}/participants/${spare.id}`, { role: 'owner' });
    if (answer.status === 200) await giveRole(spare, url, actor, 'owner');
    await giveRole(people.owner, url, spare, 'member');
    return answer;
  },
};

/** What is answered without the right, where it is not RIGHT_MISSING: codes that clients of the first version know. */
const REFUSALS: Readonly<Partial<Record<Right, string>>> = {
  remove_member: 'NOT_THE_CREATOR',
  set_custom: 'NOT_THE_CREATOR',
  delete_any: 'NOT_THE_OWNER',
  slow_exempt: 'CHAT_FROZEN',
};

describe('every right × every role', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });

  const pairs = (Object.keys(RIGHTS) as Right[]).flatMap((right) => ROLES.map((role) => ({ right, role })));

  it.each(pairs)('$right by $role', async ({ right, role }) => {
    const answer = await ACTS[right](world.people[role], world);
    const rights = RIGHTS_OF_ROLES[role];
    if (rights.includes(right)) {
      expect(answer.status).toBe(200);
      return;
    }
    const code = right === 'slow_exempt' && !rights.includes('send') ? 'RIGHT_MISSING' : REFUSALS[right];
    expectError(answer, 403, code ?? 'RIGHT_MISSING');
  });

  it.each(ROLES)('own_rights of %s are those', async (role) => {
    const { body } = await world.people[role].get(world.url);
    expect(body).toMatchObject({ own_role: role, own_rights: RIGHTS_OF_ROLES[role] });
    const { body: list } = await world.people[role].get('/user/chats');
    expect(list.chats[0]).toMatchObject({ own_role: role, own_rights: RIGHTS_OF_ROLES[role] });
  });

  it.each(Object.keys(RIGHTS) as Right[])('nobody outside has the right %s', async (right) => {
    const [outsider] = (await registerMany(test, 1)) as [Person];
    const answer = await ACTS[right](outsider, world);
    const isOfMessage = right === 'delete_any' || right === 'pin';
    expectError(answer, 404, isOfMessage ? 'MESSAGE_DOES_NOT_EXIST' : 'CHAT_DOES_NOT_EXIST');
  });
});

it('is in docs/groups.md', async () => {
  const lines = (await readFile('docs/groups.md', 'utf8')).split('\n').map((line) => line.replaceAll(/ +/g, ' '));
  for (const [right, meaning] of Object.entries(RIGHTS)) {
    const holders = ROLES.map((role) => (RIGHTS_OF_ROLES[role].includes(right as Right) ? ' yes |' : ' |')).join('');
    expect(lines).toContain(`| \`${right}\` | ${meaning} |${holders}`);
  }
});

describe('in a private chat', () => {
  it('both may send, pin and ask, and nothing else', async () => {
    const [ada, bob, spare] = (await registerMany(test, 3)) as [Person, Person, Person];
    const url = `/chat/${await ada.openPrivate(bob)}`;
    for (const person of [ada, bob]) {
      const { body } = await person.get(url);
      expect(body).toMatchObject({
        own_role: 'member',
        own_rights: RIGHTS_IN_PRIVATE,
        member_rights: RIGHTS_IN_PRIVATE,
      });
    }
    const { id } = (await ada.post(`${url}/message`, { contents: 'mine' })).body;
    expectError(await bob.delete(`/message/${id}`), 403, 'NOT_THE_OWNER');
    const refused = [
      await ada.patch(url, { frozen: true }),
      await ada.patch(url, { description: 'x' }),
      await ada.patch(url, { member_rights: [] }),
      await ada.post(`${url}/participants`, { user_ids: [spare.id] }),
      await ada.patch(`${url}/participants/${bob.id}`, { role: 'reader' }),
      await ada.delete(`${url}/participants/${bob.id}`),
      await ada.post(`${url}/invite-links`, {}),
      await ada.put(`${url}/participants/${bob.id}/restriction`, { reason: 'x' }),
      await ada.put(`${url}/bans/${bob.id}`, { reason: 'x' }),
      await ada.get(`${url}/bans`),
    ];
    for (const answer of refused) expectError(answer, 400, 'NOT_A_GROUP');
  });
});

describe('what members may do', () => {
  it('is what the group says, and not what is usual', async () => {
    const { url, people } = await openWorld();
    const { owner, member, reader } = people;
    const { body } = await owner.patch(url, { member_rights: ['invite', 'add_member'] });
    expect(body.member_rights).toEqual(['add_member', 'invite']);
    expect((await member.get(url)).body).toMatchObject({ own_rights: ['add_member', 'invite'] });
    expectError(await member.post(`${url}/message`, { contents: 'hello' }), 403, 'RIGHT_MISSING');
    expectError(await member.patch(url, { name: 'mine' }), 403, 'RIGHT_MISSING');
    expect((await people.moderator.post(`${url}/message`, { contents: 'hello' })).status).toBe(200);
    expect((await reader.get(url)).body.own_rights).toEqual([]);
    await owner.patch(url, { member_rights: ['send', 'add_member', 'rename'] });
    expect((await member.post(`${url}/message`, { contents: 'hello' })).status).toBe(200);
  });

  it.each([[['freeze']], [['send', 'send']], ['send'], [null]])('is not %j', async (member_rights) => {
    const { url, people } = await openWorld();
    expect((await people.owner.patch(url, { member_rights })).status).toBe(422);
  });

  it('keeps them from editing what they wrote, and not from deleting it', async () => {
    const { url, people } = await openWorld();
    const { id } = (await people.member.post(`${url}/message`, { contents: 'hello' })).body;
    await people.owner.patch(url, { member_rights: [] });
    expectError(await people.member.patch(`/message/${id}`, { contents: 'other' }), 403, 'RIGHT_MISSING');
    expect((await people.member.delete(`/message/${id}`)).status).toBe(200);
  });
});
