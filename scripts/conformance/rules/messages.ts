import { Breach } from '../breach.js';
import type { Rule } from '../rule.js';

/** A slow machine brings a message before that. */
const SOON_S = 8;
/** A client that looks each second hides a message by then. */
const HIDDEN_WITHIN_MS = 1500;

export const messageRules: readonly Rule[] = [
  {
    name: 'reactions',
    section: 'from-the-server',
    says: 'message.reacted brings a message as it is now, with its reactions.',
    async play(stage) {
      const chatId = await stage.group();
      const { id } = await stage.say(chatId, 'what do you think?');
      await stage.start();
      stage.needField('reactions');
      await stage.carol.react(id, '👍');
      await stage.settled('after somebody had reacted');
      await stage.bob.react(id, '🎉');
      await stage.carol.takeBack(id, '👍');
      await stage.settled('after a reaction was taken back');
    },
  },
  {
    name: 'own-reactions',
    section: 'sync',
    says: 'Own reactions come with a sync: an event of others leaves them, one that names the user is a reason to sync.',
    async play(stage) {
      const chatId = await stage.group();
      const { id } = await stage.say(chatId, 'what do you think?');
      await stage.me.react(id, '👍');
      await stage.start();
      stage.needField('my_reactions');
      await stage.carol.react(id, '🎉');
      await stage.settled('after somebody else had reacted');
      await stage.me.react(id, '🎉');
      await stage.settled('after the user had reacted on another device');
      await stage.me.takeBack(id, '👍');
      await stage.settled('after the user had taken a reaction back on another device');
    },
  },
  {
    name: 'reply-preview',
    section: 'sync',
    says: 'What reply_to shows follows the message that is answered, without a change of the answer.',
    async play(stage) {
      const chatId = await stage.group();
      const [edited, deleted] = [await stage.say(chatId, 'shall we meet?'), await stage.say(chatId, 'at seven?')];
      for (const { id } of [edited, deleted]) await stage.carol.send(chatId, 'yes', { reply_to_id: id });
      await stage.start();
      stage.needField('reply_to');
      await stage.bob.edit(edited.id, 'shall we meet on Monday?');
      await stage.settled('after a message that is answered was edited');
      await stage.away(async () => {
        await stage.bob.edit(edited.id, 'shall we meet on Sunday?');
        await stage.bob.delete(deleted.id);
      });
      await stage.settled('after messages that are answered were edited and deleted while the client was away');
      await stage.bob.delete(edited.id);
      await stage.settled('after a message that is answered was deleted');
    },
  },
  {
    name: 'thread',
    section: 'threads',
    says: 'A reply in a thread is two changes: its own, and message.updated of the root, though nobody has edited that.',
    async play(stage) {
      const chatId = await stage.group();
      const { id: root } = await stage.say(chatId, 'where do we meet?');
      await stage.start();
      stage.needField('thread');
      const { id: reply } = await stage.carol.send(chatId, 'at the station', { thread_id: root });
      await stage.settled('after a reply in a thread');
      await stage.bob.send(chatId, 'at the bridge', { thread_id: root });
      await stage.carol.delete(reply);
      await stage.settled('after a reply in a thread was deleted');
    },
  },
  {
    name: 'unread-mentions',
    section: 'mentions',
    says: 'unread_mentions counts what names the user, also when an edit or a deletion changes that.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      stage.needField('unread_mentions');
      const me = { user_ids: [stage.me.id] };
      const { id: named } = await stage.bob.send(chatId, 'look at this', { mentions: me });
      const { id: other } = await stage.carol.send(chatId, 'and at this');
      await stage.bob.send(chatId, 'and you all', { mentions: { all: true } });
      await stage.settled('after messages had named the user');
      await stage.carol.edit(other, 'and at that', { mentions: me });
      await stage.settled('after an edit had named the user');
      await stage.bob.edit(named, 'do not look', { mentions: {} });
      await stage.settled('after an edit had taken a mention back');
      await stage.carol.delete(other);
      await stage.settled('after a message that names the user was deleted');
    },
  },
  {
    name: 'disappearing',
    section: 'disappearing-messages',
    says: 'A message is hidden when its time has come, although the server is away.',
    isLong: true,
    async play(stage) {
      const chatId = await stage.group();
      await stage.bob.change(chatId, { disappear_after_seconds: SOON_S });
      await stage.start();
      stage.needField('expires_at');
      const { id, expires_at = '' } = await stage.say(chatId, 'gone in a moment');
      const isShown = async () => (await stage.shows(chatId)).messages.some((message) => message.id === id);
      await stage.until(isShown, 'A message that disappears is not shown while it is there.');
      await stage.away(async () => {
        await stage.pause(Date.parse(expires_at) + HIDDEN_WITHIN_MS - Date.now());
        if (await isShown())
          throw new Breach('A message is still shown after its `expires_at`, while the server is away.');
      });
    },
  },
];
