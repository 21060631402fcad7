// Each cell of the table of docs/edge-rules.md: what becomes of something when something else happens.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { registerAdmin } from '../support/admins.js';
import { done, registerMany, type Person } from '../support/client.js';
import { eraseMe, finished, hurry } from '../support/erasures.js';
import { useServer } from '../support/socket.js';

const test = useServer();

const HOUR_MS = 3_600_000;

/** A group of ada, in which bob has written a message. eve is another member. */
interface Scene {
  readonly ada: Person;
  readonly bob: Person;
  readonly eve: Person;
  readonly chatId: number;
  /** Bob's message, to which the event happens. */
  id: number;
}

async function scene(): Promise<Scene> {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await ada.openGroup([bob, eve]);
  return { ada, bob, eve, chatId, id: (await bob.send(chatId, 'meet at seven')).id };
}

async function erase({ bob }: Scene, messages?: string): Promise<void> {
  await eraseMe(bob, messages);
  await hurry(test, bob.id);
  await finished(test, bob.id);
}

/** What happens to Bob, or to what he wrote. */
const EVENTS: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  'the message is deleted': ({ bob, id }) => done(bob.delete(`/message/${id}`)),
  'who reads has blocked him': ({ eve, bob }) => done(eve.put(`/user/blocks/${bob.id}`)),
  'he is suspended': async ({ bob }) =>
    done((await registerAdmin(test)).post(`/admin/users/${bob.id}/suspend`, { reason: 'a test' })),
  'he is erased, and what he wrote is kept': (all) => erase(all, 'keep'),
  'he is erased, and what he wrote is purged': (all) => erase(all, 'purge'),
  'he leaves the chat': ({ bob, chatId }) => done(bob.delete(`/chat/${chatId}/participants/${bob.id}`)),
  'he loses the right to write': ({ ada, chatId }) => done(ada.patch(`/chat/${chatId}`, { member_rights: [] })),
};

const readBy = async ({ chatId }: Scene, reader: Person, id: number) =>
  (await done(reader.get(`/chat/${chatId}/messages`))).messages.find((message: { id: number }) => message.id === id);

/** Makes something, and says what has become of it. */
type Thing = (scene: Scene) => Promise<() => Promise<string>>;

const THINGS: Readonly<Record<string, Thing>> = {
  'an answer of another to it': async (all) => {
    const { eve, chatId, id } = all;
    const answer = await done(eve.post(`/chat/${chatId}/message`, { contents: 'fine', reply_to_id: id }));
    return async () => {
      const { reply_to } = await readBy(all, eve, answer.id);
      return reply_to.deleted ? 'shows that it is gone' : 'shows it';
    };
  },
  'its pin': async ({ ada, eve, chatId, id }) => {
    await done(ada.put(`/message/${id}/pin`, {}));
    return async () => ((await done(eve.get(`/chat/${chatId}/pins`))).messages.length === 1 ? 'stays' : 'goes');
  },
  'what another has forwarded of it': async ({ eve, bob, ada, id }) => {
    const other = await eve.openPrivate(ada);
    await done(eve.post(`/chat/${other}/forward`, { message_id: id }));
    return async () => {
      const [copy] = (await done(ada.get(`/chat/${other}/messages`))).messages;
      if (!copy) return 'goes';
      return copy.forwarded.author_name === bob.username ? 'stays, with his name' : 'stays, without his name';
    };
  },
  'a reaction of another to it': async (all) => {
    const { eve, ada, id } = all;
    await done(eve.put(`/message/${id}/reactions/${encodeURIComponent('👍')}`));
    return async () => ((await readBy(all, ada, id))?.reactions ? 'stays' : 'goes');
  },
  'his reaction to another message': async (all) => {
    const { ada, bob, eve, chatId } = all;
    const { id } = await ada.send(chatId, 'at eight?');
    await done(bob.put(`/message/${id}/reactions/${encodeURIComponent('👍')}`));
    return async () => ((await readBy(all, eve, id)).reactions ? 'stays' : 'goes');
  },
  'his poll': async (all) => {
    const { ada, bob, eve, chatId } = all;
    const poll = { question: 'When?', options: ['now', 'later'] };
    const asked = await done(bob.post(`/chat/${chatId}/message`, { contents: 'When?', poll }));
    all.id = asked.id;
    await done(eve.put(`/message/${asked.id}/poll/votes`, { option_ids: [1] }));
    return async () => {
      const vote = await ada.put(`/message/${asked.id}/poll/votes`, { option_ids: [1] });
      if (vote.status === 404) return 'goes, with the votes';
      expect(vote.body.poll.options[0].votes).toBe(2);
      return 'goes on';
    };
  },
  'his vote in another poll': async ({ ada, bob, eve, chatId }) => {
    const poll = { question: 'When?', options: ['now', 'later'] };
    const { id } = await done(ada.post(`/chat/${chatId}/message`, { contents: 'When?', poll }));
    await done(bob.put(`/message/${id}/poll/votes`, { option_ids: [1] }));
    return async () => {
      const [now] = (await done(eve.get(`/message/${id}/poll`))).poll.options;
      return now.votes === 1 ? 'counts' : 'goes';
    };
  },
  'his draft that answers it': async ({ bob, chatId, id }) => {
    await done(bob.put(`/chat/${chatId}/draft`, { contents: 'I meant', reply_to_id: id }));
    return async () => {
      const where = { user_id: BigInt(bob.id), chat_id: BigInt(chatId) };
      const kept = await test.db.chatParticipant.findFirst({ where, select: { draft: true } });
      return (kept?.draft ?? null) === null ? 'goes' : 'stays';
    };
  },
  'his scheduled message that answers it': async ({ ada, bob, chatId, id }) => {
    const send_at = new Date(Date.now() + HOUR_MS).toISOString();
    const given = { contents: 'I meant', reply_to_id: id, send_at };
    const scheduled = (await done(bob.post(`/chat/${chatId}/scheduled`, given))).id;
    return async () => {
      await test.db.$executeRaw`
        update public.scheduled_message set send_at = now(), due_at = now() where id = ${scheduled}`;
      const row = () => test.db.scheduledMessage.findUnique({ where: { id: scheduled } });
      await expect.poll(async () => (await row())?.state).not.toBe('waiting');
      const kept = await row();
      const { messages } = await done(ada.get(`/chat/${chatId}/messages`));
      const isThere = messages.some(({ contents }: { contents: string }) => contents === 'I meant');
      if (!kept) return 'goes';
      expect(isThere).toBe(kept.state === 'sent');
      return isThere ? 'is sent' : `fails: \`${kept.reason}\``;
    };
  },
};

/** What the document says, by the name of the thing and that of the event. */
async function written(): Promise<Map<string, Map<string, string>>> {
  const text = await readFile(new URL('../../docs/edge-rules.md', import.meta.url), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const [[, ...events] = [], , ...things] = rows;
  return new Map(
    things.map(([thing, ...cells]) => [thing!, new Map(cells.map((cell, index) => [events[index]!, cell]))]),
  );
}

const table = await written();

it('the table has each thing and each event', () => {
  expect([...table.keys()]).toEqual(Object.keys(THINGS));
  for (const row of table.values()) expect([...row.keys()]).toEqual(Object.keys(EVENTS));
});

describe.each(Object.keys(EVENTS))('when %s', (event) => {
  it.each(Object.keys(THINGS))('%s', async (thing) => {
    const all = await scene();
    const look = await THINGS[thing]!(all);
    await EVENTS[event]!(all);
    await expect.poll(look).toBe(table.get(thing)?.get(event));
  });
});
