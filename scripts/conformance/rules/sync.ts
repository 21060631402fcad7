import type { SyncAnswer } from '../../../sdk/src/wire.js';
import type { Rule } from '../rule.js';
import type { Stage } from '../stage.js';

const SYNC = 'sync';
/** By then the server has noticed a new epoch, and closed its connections. */
const NOTICED_MS = 3000;

/** The answers are as small as the server may make them. */
function slice(stage: Stage, cut: (answer: SyncAnswer) => SyncAnswer): void {
  stage.proxy.taps.synced = cut;
}

type SyncedChat = SyncAnswer['chats'][number];

function firstChanges(chat: SyncedChat, count: number): SyncedChat {
  const changes = chat.changes.slice(0, count);
  const last = changes.at(-1);
  if (!last || changes.length === chat.changes.length) return chat;
  return { ...chat, changes, pts: last.pts, has_more: true };
}

export const syncRules: readonly Rule[] = [
  {
    name: 'missed-changes',
    section: SYNC,
    says: 'A sync brings what was missed: messages, edits, deletions, names and people.',
    async play(stage) {
      const chatId = await stage.group();
      const [edited, deleted] = [await stage.say(chatId, 'first'), await stage.say(chatId, 'second')];
      await stage.start();
      await stage.away(async () => {
        await stage.bob.edit(edited.id, 'edited');
        await stage.bob.delete(deleted.id);
        await stage.say(chatId, 'third');
        await stage.bob.rename(chatId, 'Renamed');
        await stage.bob.remove(chatId, stage.carol);
      });
      await stage.settled('after the client was away');
    },
  },
  {
    name: 'joined-in-sync',
    section: SYNC,
    says: 'A chat in `joined` is kept, and its messages are read by page.',
    async play(stage) {
      await stage.group();
      await stage.start();
      await stage.away(async () => {
        const chatId = await stage.bob.openGroup('Joined', [stage.me]);
        for (const text of ['one', 'two', 'three']) await stage.say(chatId, text);
      });
      await stage.settled('after a chat was opened while the client was away');
    },
  },
  {
    name: 'left-in-sync',
    section: SYNC,
    says: 'A chat in `left` is forgotten.',
    async play(stage) {
      const [chatId] = [await stage.group('Left'), await stage.group('Kept')];
      await stage.start();
      await stage.away(() => stage.bob.remove(chatId, stage.me));
      await stage.settled('after the user was removed while the client was away');
    },
  },
  {
    name: 'chat-has-more',
    section: SYNC,
    says: '`has_more` of a chat: its next changes come with another sync.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      slice(stage, (answer) => ({ ...answer, chats: answer.chats.map((chat) => firstChanges(chat, 2)) }));
      await stage.away(async () => {
        for (let number = 1; number <= 7; number++) await stage.say(chatId, `message ${number}`);
      });
      await stage.settled('after a sync in slices');
    },
  },
  {
    name: 'sync-has-more',
    section: SYNC,
    says: '`has_more` of the whole: the client syncs again with what it has by then.',
    async play(stage) {
      for (let number = 1; number <= 4; number++) await stage.group(`Group ${number}`);
      slice(stage, (answer) => {
        const isCut = answer.joined.length > 2;
        return { ...answer, joined: answer.joined.slice(0, 2), has_more: answer.has_more || isCut };
      });
      await stage.start();
    },
  },
  {
    name: 'unknown-change',
    section: SYNC,
    says: 'Of a change of an unknown type the client takes the pts, and goes on.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      stage.proxy.taps.synced = (answer) => ({
        ...answer,
        chats: answer.chats.map((chat) => {
          const changes = chat.changes.map((change) => {
            const isLater =
              change.type === 'chat.updated' && (change.data as { name?: unknown } | undefined)?.name === 'Later';
            return isLater ? { type: 'chat.polished', pts: change.pts } : change;
          });
          return { ...chat, changes: changes };
        }),
      });
      await stage.away(async () => {
        await stage.bob.rename(chatId, 'Later');
        await stage.say(chatId, 'after the unknown one');
        await stage.bob.rename(chatId, 'Known');
      });
      await stage.settled('after a change of an unknown type');
    },
  },
  {
    name: 'participant-count',
    section: SYNC,
    says: '`participant_count` is taken as it is: `participant.added` may name people who are there already.',
    async play(stage) {
      const chatId = await stage.bob.openGroup('People', [stage.me]);
      await stage.start();
      stage.proxy.taps.synced = (answer) => ({
        ...answer,
        chats: answer.chats.map((chat) => {
          const changes = chat.changes.map((change) => {
            if (change.type !== 'participant.added') return change;
            const { users } = change.data as { users: object[] };
            return { ...change, data: { ...(change.data as object), users: [...users, ...users] } };
          });
          return { ...chat, changes: changes };
        }),
      });
      await stage.away(() => stage.bob.add(chatId, stage.carol));
      await stage.settled('after somebody was added');
    },
  },
  {
    name: 'too-long',
    section: SYNC,
    says: '`too_long`: the chat and its newest page are taken afresh.',
    async play(stage) {
      const chatId = await stage.group();
      const { id } = await stage.say(chatId, 'deleted while away');
      await stage.start();
      stage.proxy.taps.synced = (answer) => ({
        ...answer,
        chats: answer.chats.map((chat) => {
          return chat.chat_id === chatId ? { ...chat, changes: [], too_long: true, has_more: false } : chat;
        }),
      });
      await stage.away(async () => {
        await stage.bob.delete(id);
        await stage.bob.rename(chatId, 'Far ahead');
        for (const text of ['one', 'two']) await stage.say(chatId, text);
      });
      await stage.settled('after too much was missed');
      delete stage.proxy.taps.synced;
      await stage.say(chatId, 'and on');
      await stage.settled('after too much was missed, and one more message');
    },
  },
  {
    name: 'lower-pts',
    section: SYNC,
    says: '`too_long` with a lower pts: the client goes back to it, and does not ignore what comes after.',
    async play(stage) {
      const chatId = await stage.group();
      // As if the client had been there before a backup was restored.
      stage.proxy.taps.synced = (answer) => ({
        ...answer,
        joined: answer.joined.map((chat) => (chat.id === chatId ? { ...chat, pts: chat.pts + 50 } : chat)),
      });
      stage.launch();
      await stage.until(
        async () => ((await stage.client.report()).get(chatId)?.pts ?? 0) > 50,
        'The client does not keep the pts of a chat in `joined`.',
      );
      delete stage.proxy.taps.synced;
      stage.client.mayGoBack = true;
      await stage.away(() => stage.say(chatId, 'after the restore'));
      await stage.settled('after its pts was above that of the chat');
      await stage.say(chatId, 'live');
      await stage.settled('after its pts was above that of the chat, and one more message');
    },
  },
  {
    name: 'epoch',
    section: SYNC,
    says: 'After a new epoch everything that the client had is forgotten.',
    shakesServer: true,
    async play(stage) {
      const [left, kept] = [await stage.group('Left'), await stage.group('Kept')];
      const { id } = await stage.say(kept, 'deleted while away');
      await stage.start();
      stage.client.mayGoBack = true;
      await stage.away(async () => {
        await stage.bob.remove(left, stage.me);
        await stage.bob.delete(id);
        await stage.server.rotateEpoch();
        // Otherwise another sync, after 4503, would mend what the first one did not.
        await stage.pause(NOTICED_MS);
      });
      await stage.settled('after a new epoch');
      await stage.say(kept, 'in the new epoch');
      await stage.settled('after a new epoch, and one more message');
    },
  },
  {
    name: 'sync-error',
    section: 'a-session-step-by-step',
    says: 'A sync that is answered with an error is asked again.',
    async play(stage) {
      await stage.group();
      let errors = 2;
      stage.proxy.taps.refuseSync = () => errors-- > 0;
      await stage.start();
    },
  },
];
