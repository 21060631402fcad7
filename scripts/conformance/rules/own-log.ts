import type { Frame } from '../proxy/frame.js';
import type { Rule } from '../rule.js';
import type { Stage } from '../stage.js';

const OWN_LOG = 'the-own-log';

/** Two groups with a message that can be marked as read, and a client that is up to date. */
async function twoGroups(stage: Stage): Promise<readonly { chatId: number; messageId: number }[]> {
  const chats = [];
  for (const name of ['One', 'Two']) {
    const chatId = await stage.group(name);
    chats.push({ chatId, messageId: (await stage.say(chatId, 'read this')).id });
  }
  await stage.start();
  stage.needField('last_read_message_id');
  return chats;
}

async function readAll(stage: Stage, chats: readonly { chatId: number; messageId: number }[]): Promise<void> {
  for (const { chatId, messageId } of chats) await stage.me.read(chatId, messageId);
}

export const ownLogRules: readonly Rule[] = [
  {
    name: 'own-log-live',
    section: OWN_LOG,
    says: 'What another device of the user has read is read here.',
    async play(stage) {
      const chats = await twoGroups(stage);
      await readAll(stage, chats);
      await stage.settled('after another device had read');
    },
  },
  {
    name: 'own-log-gap',
    section: OWN_LOG,
    says: 'A gap between two `me_pts` is a reason to sync.',
    async play(stage) {
      const chats = await twoGroups(stage);
      stage.needSocket();
      const own: Frame[] = [];
      stage.proxy.taps.event = (event) => {
        if (event.me_pts === undefined) return [event];
        own.push(event);
        return own.length === 1 ? [] : [event];
      };
      await readAll(stage, chats);
      await stage.settled('after a gap in the own log');
    },
  },
  {
    name: 'own-log-missed',
    section: OWN_LOG,
    says: 'A sync with `me_pts` brings what has changed in the own log.',
    async play(stage) {
      const chats = await twoGroups(stage);
      await stage.away(() => readAll(stage, chats));
      await stage.settled('after another device had read while the client was away');
    },
  },
  {
    name: 'marked-unread',
    section: 'my-chats',
    says: 'A chat that was marked as unread on another device is shown so, until the user reads or writes there.',
    async play(stage) {
      const [chat] = await twoGroups(stage);
      const { chatId = 0, messageId = 0 } = chat ?? {};
      stage.needField('marked_unread');
      await stage.me.read(chatId, messageId);
      await stage.me.markUnread(chatId);
      await stage.settled('after the chat was marked as unread');
      await stage.me.read(chatId, messageId);
      await stage.settled('after the chat was read again');
    },
  },
  {
    name: 'draft',
    section: 'my-chats',
    says: 'What the user has begun to write on another device is the draft here.',
    async play(stage) {
      const [chat] = await twoGroups(stage);
      const { chatId = 0, messageId = 0 } = chat ?? {};
      stage.needField('draft');
      await stage.me.draft(chatId, 'Dear Charles', messageId);
      await stage.settled('after a draft was begun');
      await stage.me.clearDraft(chatId);
      await stage.settled('after a draft was taken away');
      await stage.away(() => stage.me.draft(chatId, 'Dear Ada'));
      await stage.settled('after a draft was begun while the client was away');
    },
  },
];
