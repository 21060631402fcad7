import type { Frame } from '../proxy/frame.js';
import type { Rule } from '../rule.js';

const STREAM = 'without-a-socket-get-events';

export const streamRules: readonly Rule[] = [
  {
    name: 'stream-repeated-event',
    section: STREAM,
    says: 'An event of a stream may come twice: one with a pts that the client has is ignored.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.startStreaming();
      const events: Frame[] = [];
      stage.proxy.taps.event = (event) => {
        events.push(event);
        return [event, event];
      };
      await stage.bob.rename(chatId, 'First');
      await stage.bob.rename(chatId, 'Second');
      await stage.say(chatId, 'and a message');
      await stage.settled();
      const early = events.find(({ type }) => type === 'chat.updated');
      if (early) stage.stream.toClient(early);
      await stage.pause();
      await stage.settled('after events came once more');
    },
  },
  {
    name: 'stream-chat-left',
    section: STREAM,
    says: 'chat.left says that the user is not in the chat any more: it is forgotten.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.startStreaming();
      // What the client reads in advance is read by then.
      await stage.pause(1000);
      stage.proxy.taps.event = (event) => {
        const isRemoval = event.type === 'participant.removed' && event.chat_id === chatId;
        return [isRemoval ? { type: 'chat.left', chat_id: chatId } : event];
      };
      await stage.bob.remove(chatId, stage.me);
      await stage.settled('after the user was removed');
    },
  },
  {
    name: 'stream-token-expiring',
    section: STREAM,
    says: 'After token.expiring the client comes back with another token.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.startStreaming();
      const { stream, desk } = stage;
      const count = desk.tokens.length;
      stream.toClient({ type: 'token.expiring', expires_at: new Date(Date.now() + 5000).toISOString() });
      stream.end();
      await stage.until(() => desk.tokens.length > count, 'The client asked for no other token after token.expiring.');
      await stage.say(chatId, 'with another token');
      await stage.settled('after its token had expired');
    },
  },
];
