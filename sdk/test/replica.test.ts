import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rotateEpoch } from '../../src/database/index.js';
import { registerMany, type Answer, type Person } from '../../test/support/client.js';
import { insertMessages } from '../../test/support/insert-messages.js';
import { useServer } from '../../test/support/socket.js';
import type { MessengerClient } from '../src/messenger-client.js';
import type { ShownChat } from '../src/views/chat-list.js';
import { without } from '../src/without.js';
import { deviceOf, online } from './support/device.js';
import { Network } from './support/network.js';

const test = useServer();

/** How often each kind of step comes. */
const STEPS = {
  send: 8,
  'send from the device': 8,
  reply: 5,
  name: 5,
  'name others': 3,
  'reply on the device': 3,
  react: 4,
  'take a reaction back': 2,
  edit: 4,
  delete: 4,
  'edit on the device': 2,
  'delete on the device': 2,
  'read on the device': 4,
  read: 2,
  'settings on the device': 3,
  settings: 2,
  rename: 2,
  'change the rules': 3,
  'set the timer': 1,
  shadow: 4,
  'let out of the shadow': 1,
  'give a role': 3,
  'change oneself': 2,
  block: 1,
  unblock: 1,
  mute: 1,
  unmute: 1,
  'mark unread': 2,
  'write a draft': 2,
  'set folders': 1,
  remind: 2,
  schedule: 2,
  'reply in a thread': 4,
  pin: 2,
  ask: 3,
  vote: 5,
  'follow a thread': 2,
  add: 5,
  'make public': 2,
  join: 2,
  remove: 2,
  leave: 2,
  'open a group': 2,
  'open a private chat': 2,
  'many sends': 1,
  'rotate the epoch': 1,
  'look into a chat': 3,
  'lose the network': 3,
  'find the network': 4,
  'lose the connection': 3,
};

const kind = fc.oneof(
  ...Object.entries(STEPS).map(([name, weight]) => ({ arbitrary: fc.constant(name as keyof typeof STEPS), weight })),
);

/** Something that somebody does, with numbers that stand for who, where, and to which message or whom. */
const step = fc.record({ what: kind, who: fc.nat(), where: fc.nat(), which: fc.nat() });
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface User {
  readonly person: Person;
  readonly network: Network;
  readonly device: MessengerClient;
}

function pick<T>(items: readonly T[], number: number): T | undefined {
  return items[number % items.length];
}

/** Some kind of mentions; to name all may be refused. */
function mentionsOf(which: number, { id }: Person): object {
  return [{ user_ids: [id] }, { all: true }, {}][which % 3]!;
}

const inADay = () => new Date(Date.now() + 86_400_000).toISOString();

/** Three people with a device each, and what they do there and elsewhere. */
class History {
  readonly #chats: number[] = [];
  readonly #messages = new Map<number, number[]>();
  #sends = 0;

  constructor(readonly users: readonly User[]) {}

  async take({ what, who, where, which }: Step): Promise<void> {
    const { person, network, device } = pick(this.users, who)!;
    const target = pick(this.users, which)!.person;
    if (what === 'lose the network') network.down();
    if (what === 'find the network') network.up();
    if (what === 'lose the connection') network.cut();
    if (what === 'rotate the epoch') await rotateEpoch(test.db);
    if (what === 'open a group') {
      this.#opened(await person.post('/chat/group/create', { with_ids: [target.id], name: 'a group' }));
    }
    if (what === 'open a private chat') {
      this.#opened(await person.post('/chat/private/create', { with_user_id: target.id }));
    }
    if (what === 'change oneself') await person.patch('/user/me', { name: `name ${which}` });
    if (what === 'block') await person.put(`/user/blocks/${target.id}`);
    if (what === 'unblock') await person.delete(`/user/blocks/${target.id}`);
    if (what === 'mute') await person.put(`/user/mutes/${target.id}`, which % 2 ? { until: inADay() } : {});
    if (what === 'unmute') await person.delete(`/user/mutes/${target.id}`);
    if (what === 'set folders') await person.put('/user/folders', { folders: [{ id: 'a', name: `name ${which}` }] });
    const chatId = pick(this.#chats, where);
    if (chatId === undefined) return;
    await this.#inChat(what, chatId, person, device, target, which, where);
  }

  async #inChat(
    what: Step['what'],
    chatId: number,
    person: Person,
    device: MessengerClient,
    target: Person,
    which: number,
    where: number,
  ): Promise<void> {
    const url = `/chat/${chatId}`;
    const chat = device.chat(chatId);
    const held = chat.messages().getSnapshot();
    const shown = held.length > 0 ? held.at(which % held.length) : undefined;
    const messages = this.#messages.get(chatId) ?? [];
    const messageId = pick(messages, which);
    const text = `text ${++this.#sends}`;
    const settings = { pinned: which % 2 === 0, archived: which % 3 === 0 };
    if (what === 'send' || what === 'reply') {
      const reply_to_id = what === 'reply' ? messageId : undefined;
      const { status, body } = await person.post(`${url}/message`, { contents: text, reply_to_id });
      if (status === 200) messages.push(body.id);
    } else if (what === 'reply in a thread') {
      const { status, body } = await person.post(`${url}/message`, { contents: text, thread_id: messages[0] });
      if (status === 200) messages.push(body.id);
    } else if (what === 'name') {
      const { status, body } = await person.post(`${url}/message`, {
        contents: text,
        mentions: mentionsOf(which, target),
      });
      if (status === 200) messages.push(body.id);
    } else if (what === 'send from the device') {
      if (chat.info.getSnapshot()) chat.send(text);
    } else if (what === 'reply on the device') {
      if (shown?.id) chat.send(text, { reply_to_id: shown.id });
    } else if (what === 'many sends') {
      await insertMessages(test, chatId, person, (which % 3) * 450 + 150);
    } else if (what === 'rename') {
      await person.patch(url, { name: `name ${which}` });
    } else if (what === 'change the rules') {
      const member_rights = ['send', 'rename', 'add_member', 'invite'].filter((_right, bit) => which & (1 << bit));
      await person.patch(url, { member_rights, frozen: which % 5 === 0, description: `about ${which}` });
    } else if (what === 'make public') {
      await person.patch(url, { public: which % 4 !== 0 });
    } else if (what === 'join') {
      await person.post(`${url}/join`, undefined);
    } else if (what === 'set the timer') {
      await person.patch(url, { disappear_after_seconds: which % 3 === 0 ? 0 : 3600 });
    } else if (what === 'give a role') {
      const role = pick(['admin', 'moderator', 'member', 'reader', 'owner'], which >> 2);
      await person.patch(`${url}/participants/${target.id}`, { role });
    } else if (what === 'shadow') {
      await person.put(`${url}/participants/${target.id}/shadow`, { reason: 'spam' });
    } else if (what === 'let out of the shadow') {
      await person.delete(`${url}/participants/${target.id}/shadow`);
    } else if (what === 'settings') {
      await person.patch(`${url}/settings`, settings);
    } else if (what === 'mark unread') {
      await person.post(`${url}/unread`, undefined);
    } else if (what === 'write a draft') {
      if (which % 4 === 0) await person.delete(`${url}/draft`);
      else await person.put(`${url}/draft`, { contents: `draft ${which}` });
    } else if (what === 'settings on the device') {
      chat.settings(settings);
    } else if (what === 'add') {
      await person.post(`${url}/participants`, { user_ids: [target.id] });
    } else if (what === 'remove') {
      await person.delete(`${url}/participants/${target.id}`);
    } else if (what === 'leave') {
      await person.delete(`${url}/participants/${person.id}`);
    } else if (what === 'look into a chat') {
      void chat
        .messages()
        .loadOlder()
        .catch(() => undefined);
    } else if (what === 'read on the device') {
      if (shown?.id) chat.markRead(shown.id);
    } else if (what === 'edit on the device') {
      if (shown?.author_id === person.id)
        chat.edit(shown.id ?? shown.key, `edited ${text}`, which % 2 ? { mentions: { user_ids: [target.id] } } : {});
    } else if (what === 'delete on the device') {
      if (shown?.author_id === person.id) chat.delete(shown.id ?? shown.key);
    } else if (messageId !== undefined) {
      if (what === 'edit') await person.patch(`/message/${messageId}`, { contents: `edited ${which}` });
      if (what === 'name others') {
        const edit = { contents: 'you', mentions: mentionsOf(where, target), custom: { n: which % 5 } };
        await person.patch(`/message/${messageId}`, edit);
      }
      if (what === 'delete') await person.delete(`/message/${messageId}`);
      const emoji = encodeURIComponent(['👍', '❤️'][which % 2] ?? '');
      if (what === 'react') await person.put(`/message/${messageId}/reactions/${emoji}`);
      if (what === 'take a reaction back') await person.delete(`/message/${messageId}/reactions/${emoji}`);
      if (what === 'pin') await person[which % 3 ? 'put' : 'delete'](`/message/${messageId}/pin`, {});
      if (what === 'vote') {
        await person.put(`/message/${messageId}/poll/votes`, { option_ids: [(where % 2) + 1] });
        if (which % 5 === 0) await person.post(`/message/${messageId}/poll/close`, undefined);
      }
      if (what === 'ask') {
        const results = pick(['always', 'after_vote', 'after_close'], which);
        const poll = { question: 'When?', options: ['now', 'later'], results, anonymous: where % 2 === 0 };
        const { status, body } = await person.post(`${url}/message`, { contents: text, poll });
        if (status === 200) messages.push(body.id);
      }
      if (what === 'schedule') {
        const inputs = which % 2 ? { custom: { which } } : { thread_id: messageId };
        await person.post(`${url}/scheduled`, { contents: `later ${which}`, send_at: inADay(), ...inputs });
      }
      if (what === 'follow a thread') await person.put(`/message/${messageId}/thread/follow`);
      if (what === 'remind') await person.put(`/message/${messageId}/reminder`, { remind_at: inADay() });
      if (what === 'read') await person.post(`${url}/read`, { message_id: messageId });
    }
  }

  #opened({ status, body }: Answer): void {
    if (status !== 200) return;
    this.#chats.push(body.id);
    this.#messages.set(body.id, []);
  }
}

/** What has failed belongs to one device, and marks of others are no durable changes: neither is compared. */
function shownState(chat: ShownChat) {
  return {
    ...without(chat, 'read_marks', 'failed', 'pending', 'typing', 'participants'),
    peer: chat.peer?.name,
    last: chat.last && without(chat.last, 'key'),
  };
}

/** Everything that a client has, read to the beginning. */
async function stateOf(client: MessengerClient) {
  const lists = client.chats.getSnapshot();
  const chats = [...lists.chats, ...lists.archived];
  for (const { id } of chats) {
    const window = client.chat(id).messages();
    while (window.getSnapshot().hasOlder) await window.loadOlder(1000);
    client.chat(id).participants.subscribe(() => undefined)();
  }
  await expect.poll(() => chats.every(({ id }) => client.chat(id).participants.getSnapshot() !== undefined)).toBe(true);
  return {
    me: client.me.getSnapshot(),
    blocked: client.blocked
      .getSnapshot()
      .map(({ id }) => id)
      .sort(),
    unread: client.unread.getSnapshot(),
    own: client.own.getSnapshot(),
    order: chats.map(({ id }) => id),
    chats: chats.map((chat) => ({
      ...shownState(chat),
      participants: client
        .chat(chat.id)
        .participants.getSnapshot()
        ?.map(({ id, name }) => [id, name])
        .sort(),
      messages: client
        .chat(chat.id)
        .messages({ limit: 10_000 })
        .getSnapshot()
        .slice()
        .map((message) => ({ ...message, key: undefined })),
    })),
  };
}

/** Whatever the order of their fields is, and whether one is missing or undefined. */
function isAlike(one: object, other: object): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}

const start = async (person: Person): Promise<User> => {
  const network = await Network.to(test);
  return { person, network, device: deviceOf(person, { url: network.url }) };
};

/** Found once: what a device sent was answered, and had not come when its chat went with the epoch and did not come back. */
const GONE_WITH_THE_EPOCH: Step[] = [
  { what: 'delete', who: 0, where: 3, which: 1801068974 },
  { what: 'remind', who: 2, where: 2147483624, which: 2082892039 },
  { what: 'read on the device', who: 1, where: 1118732192, which: 2147483642 },
  { what: 'send', who: 1, where: 1435310588, which: 1793718203 },
  { what: 'leave', who: 1, where: 312818425, which: 1634484537 },
  { what: 'open a group', who: 2, where: 401059279, which: 2147483633 },
  { what: 'read on the device', who: 0, where: 289365844, which: 1435968214 },
  { what: 'find the network', who: 0, where: 11, which: 21 },
  { what: 'set folders', who: 2, where: 1722321121, which: 437453139 },
  { what: 'remove', who: 1, where: 2, which: 2147483627 },
  { what: 'many sends', who: 1, where: 1405852404, which: 472713054 },
  { what: 'give a role', who: 2, where: 920335124, which: 1741962757 },
  { what: 'reply', who: 0, where: 1393891177, which: 467583523 },
  { what: 'send from the device', who: 0, where: 2147483621, which: 2016855723 },
  { what: 'name others', who: 1, where: 1995025712, which: 1271639999 },
  { what: 'settings', who: 1, where: 1709756991, which: 1304886495 },
  { what: 'rotate the epoch', who: 0, where: 2147483647, which: 1911077081 },
  { what: 'reply', who: 0, where: 523704649, which: 29562777 },
  { what: 'find the network', who: 1, where: 11, which: 6 },
  { what: 'send from the device', who: 0, where: 16, which: 645742388 },
  { what: 'leave', who: 0, where: 2147483630, which: 15 },
];

it('what was kept, with what came meanwhile, is what a new client gets', { timeout: 120_000 }, async () => {
  const opening: Step[] = [{ what: 'open a group', who: 0, where: 0, which: 1 }];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
      const users = await Promise.all((await registerMany(test, 3)).map(start));
      const history = new History(users);
      for (const each of [...opening, ...steps]) await history.take(each);
      for (const { network } of users) network.up();
      for (const { device } of users) {
        await online(device);
        const waiting = () => device.outbox.getSnapshot().filter(({ state }) => state === 'pending');
        await expect.poll(waiting).toEqual([]);
        for (const { key, chatId } of device.outbox.getSnapshot()) device.chat(chatId).discard(key);
      }
      for (const { person, device } of users) {
        const fresh = deviceOf(person);
        await online(fresh);
        await expect.poll(() => fresh.me.getSnapshot()).toBeDefined();
        // Both may still be on their way.
        await expect
          .poll(async () => isAlike(await stateOf(device), await stateOf(fresh)))
          .toBe(true)
          .catch(() => undefined);
        expect(await stateOf(device)).toEqual(await stateOf(fresh));
        const contents = (await stateOf(fresh)).chats.flatMap(({ messages }) => messages.map((each) => each.contents));
        const own = contents.filter((text) => text.startsWith('text '));
        expect(new Set(own).size).toBe(own.length);
        fresh.close();
        device.close();
      }
    }),
    { numRuns: 4, endOnFailure: true, examples: [[GONE_WITH_THE_EPOCH]] },
  );
});
