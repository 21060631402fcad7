import { Breach } from '../breach.js';
import type { Rule } from '../rule.js';

const SESSION = 'a-session-step-by-step';
const SHORT_SECONDS = 8;
const DAY_MS = 86_400_000;
const SLOW_MS = 400;

export const tokenRules: readonly Rule[] = [
  {
    name: 'token-in-url',
    section: SESSION,
    says: 'The token never stands in a URL.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      await stage.away(() => stage.say(chatId, 'missed'));
      await stage.settled();
      stage.client.send(chatId, 'sent');
      await stage.once(chatId, 'sent');
      const { desk, proxy } = stage;
      if (proxy.traffic.urls.some((url) => desk.tokens.some((token) => url.includes(token)))) {
        throw new Breach('A token stands in a URL.');
      }
    },
  },
  {
    name: 'renew-in-place',
    section: SESSION,
    says: "A token is renewed before it ends, by the server's clock, and the session goes on.",
    isLong: true,
    async play(stage) {
      const chatId = await stage.group();
      stage.desk.lifetimes.push(SHORT_SECONDS);
      // The clock of the device is a day behind.
      const later = (time: string) => new Date(Date.parse(time) + DAY_MS).toISOString();
      stage.proxy.taps.ready = (start) => ({
        ...start,
        server_time: later(start.server_time),
        expires_at: later(start.expires_at),
      });
      await stage.start();
      const { relay } = stage;
      const hasRenewed = () => stage.desk.tokens.length > 1 && relay.heard.at(-1) !== undefined;
      await stage.until(
        () => hasRenewed() || !relay.isOpen,
        'The client asked for no other token before its own ended.',
        (SHORT_SECONDS + 1) * 1000,
      );
      await stage.say(chatId, 'in the same session');
      await stage.pause((SHORT_SECONDS * 1000) / 2 + 1000);
      if (!relay.isOpen) throw new Breach(`The session was closed with ${relay.code ?? 0} instead of going on.`);
      await stage.settled('after its token was renewed');
    },
  },
  {
    name: 'expired-token',
    section: 'close-codes',
    says: 'After 4401 and 4410 the client comes with another token.',
    async play(stage) {
      const chatId = await stage.group();
      stage.desk.lifetimes.push(-60);
      await stage.start();
      const { relay, desk } = stage;
      const count = desk.tokens.length;
      relay.close(4410, 'the token has expired');
      await stage.until(() => desk.tokens.length > count, 'The client asked for no other token after 4410.');
      await stage.say(chatId, 'with another token');
      await stage.settled('after its token had expired');
    },
  },
  {
    name: 'one-token-at-a-time',
    section: SESSION,
    says: 'However many requests need a token, the client asks for one at a time.',
    async play(stage) {
      const chats = [];
      for (const name of ['One', 'Two', 'Three', 'Four']) chats.push(await stage.group(name));
      await stage.start();
      const { desk, proxy } = stage;
      const old = new Set(desk.tokens);
      desk.delayMs = SLOW_MS;
      proxy.taps.refuseToken = (token) => old.has(token);
      for (const chatId of chats) stage.client.send(chatId, 'with another token');
      await stage.pause(SLOW_MS);
      proxy.relay?.close(4410, 'the token has expired');
      for (const chatId of chats) await stage.once(chatId, 'with another token');
      if (desk.mostAtOnce > 1) {
        throw new Breach(`The client asked for a token ${desk.mostAtOnce} times at once.`);
      }
    },
  },
];
