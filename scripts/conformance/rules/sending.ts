import { Breach } from '../breach.js';
import type { Fate } from '../proxy/taps.js';
import type { Rule } from '../rule.js';
import type { Stage } from '../stage.js';

const SENDING = 'sending';
/** A client that repeats what was refused does so within this time. */
const REPEAT_MS = 2500;

/** The tries of the client have these fates, one after the other; then they pass. */
function fates(stage: Stage, ...next: Fate[]): void {
  stage.proxy.taps.send = () => next.shift() ?? 'pass';
}

/** @throws Breach when a sending goes on after it was answered for good. */
async function expectNoMore(stage: Stage, answer: string): Promise<void> {
  const { sends } = stage.proxy.traffic;
  const count = sends.length;
  await stage.pause(REPEAT_MS);
  if (sends.length > count) throw new Breach(`The client sent again after ${answer}.`);
}

export const sendingRules: readonly Rule[] = [
  {
    name: 'send',
    section: SENDING,
    says: 'A message is sent with a `client_id`, and shown once.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      stage.client.send(chatId, 'hello from the client');
      await stage.once(chatId, 'hello from the client');
    },
  },
  {
    name: 'send-lost',
    section: SENDING,
    says: 'A send that is not answered, or with 503, is repeated.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      fates(stage, 'lose', 'away');
      stage.client.send(chatId, 'lost on the way');
      await stage.once(chatId, 'lost on the way');
    },
  },
  {
    name: 'send-once',
    section: SENDING,
    says: 'A send whose answer was lost is repeated with the same `client_id`: there is one message.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      const { sends, sendStatuses } = stage.proxy.traffic;
      fates(stage, 'lose the answer');
      // The client must not hear of its message in another way.
      stage.proxy.taps.event = () => [];
      stage.client.send(chatId, 'answered into the void');
      await stage.until(() => sendStatuses.length > 0, 'The client did not send.');
      await stage.within(5000, () => sends.length > 1);
      await stage.pause();
      stage.proxy.cut();
      delete stage.proxy.taps.event;
      stage.proxy.restore();
      await stage.once(chatId, 'answered into the void');
    },
  },
  {
    name: 'send-event-first',
    section: SENDING,
    says: 'The event of an own message may come before the answer: it is shown once.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      let answer: () => void = () => undefined;
      fates(stage, { answerAfter: new Promise<void>((resolve) => (answer = resolve)) });
      stage.client.send(chatId, 'ahead of its answer');
      await stage.until(async () => (await stage.count(chatId, 'ahead of its answer')) > 0, 'The client did not send.');
      await stage.settled('before its message was answered');
      answer();
      await stage.pause();
      await stage.once(chatId, 'ahead of its answer');
    },
  },
  {
    name: 'send-deleted',
    section: SENDING,
    says: 'After 410 MESSAGE_DELETED a send is over.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      const { sendStatuses } = stage.proxy.traffic;
      fates(stage, 'lose the answer', 'lose');
      stage.proxy.taps.event = () => [];
      stage.client.send(chatId, 'deleted meanwhile');
      await stage.until(() => sendStatuses.length > 0, 'The client did not send.');
      const sent = (await stage.me.messages(chatId)).at(-1);
      if (sent) await stage.me.delete(sent.id);
      stage.proxy.cut();
      delete stage.proxy.taps.event;
      stage.proxy.restore();
      await stage.until(() => sendStatuses.includes(410), 'The client did not repeat what was not answered.');
      await expectNoMore(stage, '410 MESSAGE_DELETED');
      await stage.settled('after its message was deleted');
    },
  },
  {
    name: 'send-refused',
    section: 'blocks',
    says: 'After 403 NOT_ACCEPTING_MESSAGES the client does not send again by itself.',
    async play(stage) {
      const chatId = await stage.me.openPrivate(stage.bob);
      await stage.bob.block(stage.me);
      await stage.start();
      const { sendStatuses } = stage.proxy.traffic;
      stage.client.send(chatId, 'not wanted');
      await stage.until(() => sendStatuses.includes(403), 'The client did not send.');
      await expectNoMore(stage, '403 NOT_ACCEPTING_MESSAGES');
      await stage.settled('after its message was refused');
    },
  },
  {
    name: 'server-killed',
    section: SENDING,
    says: 'What is sent while the server is killed is there once.',
    shakesServer: true,
    isLong: true,
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      const texts = ['one', 'two', 'three', 'four', 'five'];
      for (const text of texts) stage.client.send(chatId, text);
      await stage.within(1000, () => stage.proxy.traffic.sends.length > 0);
      await stage.server.kill();
      await stage.server.start();
      for (const text of texts) await stage.once(chatId, text);
    },
  },
];
