import { Breach } from '../breach.js';
import type { Frame } from '../proxy/frame.js';
import type { Rule } from '../rule.js';
import type { Stage } from '../stage.js';

const RULE = 'the-rule';

/** Writes down what comes to a client that has a socket, and changes it. */
function tap(stage: Stage, change: (event: Frame) => readonly Frame[] = (event) => [event]): Frame[] {
  const events: Frame[] = [];
  if (stage.isStarted) stage.needSocket();
  stage.proxy.taps.event = (event) => {
    events.push(event);
    return change(event);
  };
  return events;
}

function isMessage(event: Frame, contents: string): boolean {
  return event.type === 'message.created' && (event.data as { contents?: unknown }).contents === contents;
}

async function came(stage: Stage, events: readonly Frame[], is: (event: Frame) => boolean): Promise<Frame> {
  const arrived = await stage.within(10_000, () => events.some(is));
  const event = events.find(is);
  if (!arrived || !event) throw new Error('The server has not told what the kit did.');
  return event;
}

/** No event is a reason to show something that comes after a gap. */
async function showsNoGap(stage: Stage, chatId: number, pts: number, late: string): Promise<void> {
  const chat = await stage.shows(chatId);
  if (chat.pts > pts || chat.messages.some(({ contents }) => contents === late)) {
    throw new Breach(`A gap was shown as if it were none: the client has pts ${chat.pts} and never had ${pts + 1}.`);
  }
}

export const eventRules: readonly Rule[] = [
  {
    name: 'repeated-event',
    section: RULE,
    says: 'An event with a pts that the client has already is ignored.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      const events = tap(stage, (event) => [event, event]);
      await stage.bob.rename(chatId, 'First');
      const { id } = await stage.say(chatId, 'deleted later');
      await stage.bob.rename(chatId, 'Second');
      await stage.bob.delete(id);
      await stage.say(chatId, 'again');
      await stage.settled();
      const { relay } = stage;
      for (const type of ['chat.updated', 'message.created']) {
        relay.toClient(await came(stage, events, (event) => event.type === type));
      }
      await stage.pause();
      await stage.settled('after events came once more');
    },
  },
  {
    name: 'gap',
    section: RULE,
    says: 'An event after a gap is not applied; the chat is synced.',
    async play(stage) {
      const chatId = await stage.group();
      const { pts } = (await stage.start()).get(chatId) ?? { pts: 0 };
      const { traffic } = stage.proxy;
      const syncs = traffic.syncs.length;
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      stage.proxy.taps.synced = (answered) => held.then(() => answered);
      const events = tap(stage, (event) => (isMessage(event, 'lost') ? [] : [event]));
      await stage.say(chatId, 'lost');
      await stage.say(chatId, 'after the gap');
      await came(stage, events, (event) => isMessage(event, 'after the gap'));
      await stage.within(1500, () => traffic.syncs.length > syncs);
      await stage.pause();
      await showsNoGap(stage, chatId, pts, 'after the gap');
      answer();
      await stage.settled('after a gap');
    },
  },
  {
    name: 'out-of-order',
    section: RULE,
    says: 'Events that come in another order leave nothing out.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      let early: Frame | undefined;
      tap(stage, (event) => {
        if (isMessage(event, 'one')) {
          early = event;
          return [];
        }
        return isMessage(event, 'two') && early ? [event, early] : [event];
      });
      await stage.say(chatId, 'one');
      await stage.say(chatId, 'two');
      await stage.settled('after two events had changed places');
    },
  },
  {
    name: 'events-during-sync',
    section: 'a-session-step-by-step',
    says: 'Events that come while a sync is under way are kept, and judged afterwards.',
    async play(stage) {
      const chatId = await stage.group();
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      stage.proxy.taps.synced = (answered) => held.then(() => answered);
      const events = tap(stage);
      stage.launch();
      const { traffic } = stage.proxy;
      await stage.until(() => traffic.syncs.length > 0, 'The client did not sync when it was connected.');
      // The server reads for the sync before it reads what comes now.
      await stage.pause();
      await stage.say(chatId, 'meanwhile');
      if (stage.proxy.relay) await came(stage, events, (event) => isMessage(event, 'meanwhile'));
      await stage.pause();
      answer();
      await stage.settled('after an event had come during the sync');
    },
  },
  {
    name: 'unknown-chat',
    section: RULE,
    says: 'An event of a chat that the client does not know is a reason to sync.',
    async play(stage) {
      await stage.group();
      await stage.start();
      const events = tap(stage, (event) => (event.type === 'chat.created' ? [] : [event]));
      const chatId = await stage.bob.openGroup('Unknown', [stage.me]);
      await came(stage, events, ({ type }) => type === 'chat.created');
      await stage.say(chatId, 'hello');
      await stage.settled('after an event of an unknown chat');
    },
  },
  {
    name: 'chat-created',
    section: RULE,
    says: 'chat.created brings a new chat, which is kept with its pts.',
    async play(stage) {
      await stage.group();
      await stage.start();
      await stage.bob.openGroup('New', [stage.me]);
      await stage.settled('after a chat was opened');
    },
  },
  {
    name: 'late-chat-created',
    section: RULE,
    says: 'chat.created of a chat that the client has already changes nothing.',
    async play(stage) {
      await stage.group();
      await stage.start();
      const events = tap(stage);
      const chatId = await stage.bob.openGroup('Old', [stage.me]);
      const created = await came(stage, events, ({ type }) => type === 'chat.created');
      for (const text of ['one', 'two']) await stage.say(chatId, text);
      await stage.bob.rename(chatId, 'Newer');
      await stage.settled();
      stage.relay.toClient(created);
      await stage.pause();
      await stage.settled('after chat.created came late');
    },
  },
  {
    name: 'chat-advanced',
    section: RULE,
    says: 'chat.advanced above the pts of the client is a reason to sync.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      tap(stage, (event) => {
        return event.chat_id === chatId && event.pts !== undefined
          ? [{ type: 'chat.advanced', chat_id: chatId, pts: event.pts }]
          : [event];
      });
      await stage.say(chatId, 'behind a hint');
      await stage.settled('after a hint');
    },
  },
  {
    name: 'removed',
    section: RULE,
    says: 'With their own removal the chat is forgotten.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      await stage.bob.remove(chatId, stage.me);
      await stage.settled('after the user was removed');
    },
  },
  {
    name: 'past-removal',
    section: RULE,
    says: 'An own removal that the client has already does not count: the user was added again.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      const events = tap(stage);
      await stage.bob.remove(chatId, stage.me);
      await stage.settled();
      const removal = await came(stage, events, ({ type }) => type === 'participant.removed');
      await stage.bob.add(chatId, stage.me);
      await stage.settled('after the user was added again');
      stage.relay.toClient(removal);
      await stage.pause();
      await stage.settled('after a removal that was past');
    },
  },
  {
    name: 'resync',
    section: RULE,
    says: 'resync is a reason to sync everything.',
    async play(stage) {
      const chats = [await stage.group('One'), await stage.group('Two')];
      await stage.start();
      const events = tap(stage, () => []);
      for (const chatId of chats) await stage.say(chatId, 'lost on the way');
      for (const chatId of chats) await came(stage, events, ({ chat_id }) => chat_id === chatId);
      stage.relay.toClient({ type: 'resync' });
      await stage.settled('after a resync');
    },
  },
  {
    name: 'unknown-type',
    section: 'from-the-server',
    says: 'Types and fields that the client does not know are no reason to stop.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      tap(stage, (event) => {
        const isRename =
          event.type === 'chat.updated' && (event.data as { name?: unknown }).name === 'Of a later version';
        return [isRename ? { ...event, type: 'chat.polished', data: {} } : { ...event, later: true }];
      });
      const { relay } = stage;
      relay.toClient({ type: 'weather', data: { sunny: true } });
      relay.toClient({ type: 'chat.waved', chat_id: chatId, data: { user_id: stage.bob.id } });
      await stage.bob.rename(chatId, 'Of a later version');
      await stage.bob.rename(chatId, 'Known');
      await stage.say(chatId, 'after all that');
      await stage.settled('after events of unknown types');
    },
  },
];
