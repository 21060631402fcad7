import { NotKept } from '../breach.js';
import type { Frame } from '../proxy/frame.js';
import type { Report } from '../report.js';
import type { Rule } from '../rule.js';
import type { Stage } from '../stage.js';

const OWN_LOG = 'the-own-log';

/** @throws NotKept when the client keeps nothing of it. */
function expectOwnLog(report: Report): void {
  const isKept = [...report.values()].some((chat) => chat.last_read_message_id !== undefined);
  if (!isKept) throw new NotKept('The client reports no `last_read_message_id`.');
}

/** Two groups with a message that can be marked as read, and a client that is up to date. */
async function twoGroups(stage: Stage): Promise<readonly { chatId: number; messageId: number }[]> {
  const chats = [];
  for (const name of ['One', 'Two']) {
    const chatId = await stage.group(name);
    chats.push({ chatId, messageId: (await stage.say(chatId, 'read this')).id });
  }
  expectOwnLog(await stage.start());
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
];
