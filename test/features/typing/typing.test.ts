import { describe, expect, it } from 'vitest';
import { registerMany, type Person } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

async function group() {
  const [owner, ada, bob] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await owner.openGroup([ada, bob]);
  return { owner, ada, bob, chatId, url: `/chat/${chatId}` };
}

/** Who is shown to bob as typing, when those type. */
async function shownToBob(bob: Person, chatId: number, typists: readonly Person[]): Promise<number[]> {
  const device = await Socket.of(bob);
  for (const typist of typists) {
    const socket = await Socket.of(typist);
    socket.send({ type: 'typing', chat_id: chatId });
    await socket.rest();
  }
  const frames = await device.rest();
  return frames.flatMap(({ type, data }) => (type === 'typing' ? [data.user_id as number] : []));
}

describe('typing in a group', () => {
  it('is shown of everybody who may write, also while slow mode has them wait', async () => {
    const { owner, ada, bob, chatId, url } = await group();
    await owner.patch(url, { slow_mode_seconds: 60 });
    await ada.send(chatId, 'now she waits');
    expect(await shownToBob(bob, chatId, [owner, ada])).toEqual([owner.id, ada.id]);
  });

  it.each<[string, (people: Awaited<ReturnType<typeof group>>) => Promise<unknown>]>([
    [
      'who is restricted',
      ({ owner, ada, url }) => owner.put(`${url}/participants/${ada.id}/restriction`, { reason: 'x' }),
    ],
    [
      'who is in the shadow',
      ({ owner, ada, url }) => owner.put(`${url}/participants/${ada.id}/shadow`, { reason: 'x' }),
    ],
    ['while it is frozen', ({ owner, url }) => owner.patch(url, { frozen: true })],
    ['where members only read', ({ owner, url }) => owner.patch(url, { member_rights: [] })],
  ])('is not shown of a member %s', async (_who, change) => {
    const people = await group();
    const { owner, ada, bob, chatId } = people;
    // Also where somebody else has typed before.
    expect(await shownToBob(bob, chatId, [owner])).toEqual([owner.id]);
    expect(await change(people)).toMatchObject({ status: 200 });
    expect(await shownToBob(bob, chatId, [ada])).toEqual([]);
  });
});
