// A page keeps messages that are the same for all readers. What it says is what each message says alone, for each reader and after each change.
import { expect, it } from 'vitest';
import { done, registerMany, type Person } from '../../support/client.js';
import { eraseMe, finished, hurry } from '../../support/erasures.js';
import { useServer } from '../../support/socket.js';

const test = useServer();

const PAGES = ['', '?order=desc&limit=3', '?threads=apart'];
/** So many are named with an emoji. */
const NAMED = 10;

/** A group in which each message has something that not all have. */
async function group() {
  const [ada, bob, eve, fay] = (await registerMany(test, 4)) as [Person, Person, Person, Person];
  const chatId = await ada.openGroup([bob, eve]);
  const url = `/chat/${chatId}`;
  const post = (by: Person, contents: string, more: object = {}) =>
    done(by.post(`${url}/message`, { contents, ...more })) as Promise<{ id: number }>;
  const react = (by: Person, { id }: { id: number }, emoji: string) =>
    done(by.put(`/message/${id}/reactions/${emoji}`));
  await post(ada, 'before fay came');
  const old = await post(ada, 'answered before fay came');
  await done(ada.patch(url, { history_from_now: true }));
  await done(ada.post(`${url}/participants`, { user_ids: [fay.id] }));
  await done(ada.patch(url, { history_from_now: false }));
  const first = await post(ada, 'a question', { reply_to_id: old.id, mentions: { user_ids: [bob.id] } });
  const second = await post(bob, 'an answer', { reply_to_id: first.id, custom: { color: 'red' } });
  const poll = { question: 'When?', options: ['at six', 'at seven'], results: 'after_vote' };
  const asked = await post(ada, 'a poll', { poll });
  const root = await post(eve, 'a thread');
  await react(ada, second, '👍');
  await react(bob, second, '🎉');
  await react(ada, second, '🎉');
  const readers = [ada, bob, eve, fay];
  return { ada, bob, eve, fay, readers, chatId, url, first, second, asked, root, post, react };
}

/** Each reader reads each page, so that it is kept, and reads it again: its messages are what each is alone. */
async function comparePages({ readers, url }: Pick<Awaited<ReturnType<typeof group>>, 'readers' | 'url'>) {
  const known = new Map<string, unknown>();
  const readAlone = async (reader: Person, id: number) => {
    const key = `${reader.id} ${id}`;
    if (!known.has(key)) {
      const message = await done(reader.get(`/message/${id}`));
      delete message.chat_id;
      delete message.author;
      known.set(key, message);
    }
    return known.get(key);
  };
  for (const page of [...PAGES, ...PAGES]) {
    for (const reader of readers) {
      const { messages } = (await done(reader.get(`${url}/messages${page}`))) as { messages: { id: number }[] };
      expect(messages).toEqual(await Promise.all(messages.map(({ id }) => readAlone(reader, id))));
    }
  }
}

it('a page says of each message what it is, for each reader and after each change', async () => {
  const all = await group();
  const { ada, bob, eve, fay, url, first, second, asked, root, post, react } = all;
  const changes: [string, () => Promise<unknown>][] = [
    ['nothing', () => Promise.resolve()],
    ['a reaction', () => react(eve, second, '👍')],
    ['one that is taken back', () => done(ada.delete(`/message/${second.id}/reactions/👍`))],
    ['an edit', () => done(ada.patch(`/message/${first.id}`, { contents: 'a better question' }))],
    ['a vote', () => done(bob.put(`/message/${asked.id}/poll/votes`, { option_ids: [1] }))],
    ['a pin', () => done(ada.put(`/message/${root.id}/pin`, {}))],
    ['an answer in the thread', () => post(fay, 'an answer', { thread_id: root.id })],
    ['a new message', () => post(bob, 'something new', { reply_to_id: second.id })],
    ['a shadow', () => done(ada.put(`${url}/participants/${bob.id}/shadow`, { reason: 'spam' }))],
    ['an edit that others do not see', () => done(bob.patch(`/message/${second.id}`, { contents: 'hidden' }))],
    ['a message that others do not see', () => post(bob, 'hidden too', { reply_to_id: second.id })],
    ['an answer that others do not see', () => post(bob, 'hidden as well', { thread_id: root.id })],
    ['the end of the shadow', () => done(ada.delete(`${url}/participants/${bob.id}/shadow`))],
    ['an edit that all see', () => done(bob.patch(`/message/${second.id}`, { contents: 'seen' }))],
    ['a deletion', () => done(ada.delete(`/message/${first.id}`))],
    ['the end of the poll', () => done(ada.post(`/message/${asked.id}/poll/close`, undefined))],
  ];
  for (const [name, change] of changes) {
    await change();
    await comparePages(all).catch((error: unknown) => {
      throw new Error(`after ${name}`, { cause: error });
    });
  }
  await eraseMe(bob, 'keep');
  await hurry(test, bob.id);
  await finished(test, bob.id);
  await comparePages({ ...all, readers: [ada, eve, fay] });
});

it('a page knows the own reactions also where not all who have reacted are named', async () => {
  const people = await registerMany(test, NAMED + 3);
  const [ada, last] = [people[0]!, people.at(-1)!];
  const chatId = await ada.openGroup(people.slice(1));
  const { id } = await ada.send(chatId, 'hello');
  const own = async (reader: Person) => {
    const { messages } = await done(reader.get(`/chat/${chatId}/messages`));
    return messages[0].my_reactions as string[];
  };
  for (const person of people.slice(0, NAMED)) await done(person.put(`/message/${id}/reactions/👍`));
  expect([await own(ada), await own(last), await own(ada)]).toEqual([['👍'], [], ['👍']]);
  for (const person of people.slice(NAMED)) await done(person.put(`/message/${id}/reactions/👍`));
  await done(last.put(`/message/${id}/reactions/🎉`));
  expect([await own(last), await own(ada), await own(last)]).toEqual([['👍', '🎉'], ['👍'], ['👍', '🎉']]);
  // Now all are named again.
  for (const person of people.slice(0, 3)) await done(person.delete(`/message/${id}/reactions/👍`));
  expect([await own(last), await own(ada), await own(last)]).toEqual([['👍', '🎉'], [], ['👍', '🎉']]);
});
