import { Breach } from '../breach.js';
import type { Rule } from '../rule.js';
import type { Stage } from '../stage.js';

const CODES = 'close-codes';

/** The server itself gives up a connection of which it hears nothing for 40 seconds. */
const SILENCE_MS = 45_000;
const TOO_MANY_MS = 9500;
const AWAY_MS = 5000;
/** Backoff has half of these tries in that time. */
const MOST_TRIES = 12;

/** Closes the socket, and wants no other one for a while. */
async function expectNone(stage: Stage, code: number, reason: string, ms: number): Promise<void> {
  await stage.group();
  await stage.start();
  const { relay, proxy } = stage;
  const tries = proxy.traffic.tries.length;
  relay.close(code, reason);
  const cameBack = await stage.within(ms, () => proxy.traffic.tries.length > tries);
  if (cameBack) throw new Breach(`The client came back within ${ms / 1000} s after ${code}.`);
}

export const connectionRules: readonly Rule[] = [
  {
    name: 'silent-connection',
    section: CODES,
    says: 'A connection that is dead is noticed, within 45 seconds, though nobody says so.',
    isLong: true,
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      const { relay, proxy } = stage;
      const tries = proxy.traffic.tries.length;
      relay.stall();
      await stage.say(chatId, 'into the silence');
      await stage.until(
        () => proxy.traffic.tries.length > tries,
        'The client did not notice that its connection was dead.',
        SILENCE_MS,
      );
      await stage.settled('after the connection was dead');
    },
  },
  {
    name: 'comes-back',
    section: CODES,
    says: 'After 1001, 1006, 4413, 4421 and 4503 the client comes back, and syncs.',
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      for (const code of [1001, 1006, 4421, 4503]) {
        const { relay } = stage;
        stage.proxy.taps.event = () => [];
        await stage.say(chatId, `before ${code}`);
        if (code === 1006) relay.cut();
        else relay.close(code, 'as it happens');
        delete stage.proxy.taps.event;
        await stage.settled(`after ${code}`);
        await stage.until(() => stage.proxy.relay !== undefined, `The client opened no socket after ${code}.`);
      }
    },
  },
  {
    name: 'backoff',
    section: CODES,
    says: 'Tries to connect are ever rarer.',
    isLong: true,
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      const { relay, proxy } = stage;
      const tries = proxy.traffic.tries.length;
      proxy.taps.refuse = () => 503;
      relay.cut();
      await stage.pause(AWAY_MS);
      delete proxy.taps.refuse;
      const count = proxy.traffic.tries.length - tries;
      if (count === 0) throw new Breach(`The client did not try to connect within ${AWAY_MS / 1000} s.`);
      if (count > MOST_TRIES) {
        throw new Breach(`The client tried to connect ${count} times in ${AWAY_MS / 1000} s, without backoff.`);
      }
      await stage.say(chatId, 'while the server was away');
      await stage.settled('after the server was away');
    },
  },
  {
    name: 'too-many',
    section: CODES,
    says: 'After 4429 the client stays away for 10 seconds.',
    isLong: true,
    play: (stage) => expectNone(stage, 4429, 'too many frames', TOO_MANY_MS),
  },
  {
    name: 'at-fault',
    section: CODES,
    says: 'After 4400 the client does not come back before it is fixed.',
    isLong: true,
    play: (stage) => expectNone(stage, 4400, 'no JSON', AWAY_MS),
  },
  {
    name: 'logged-out',
    section: CODES,
    says: 'After 4411 the client does not come back before its user has logged in.',
    isLong: true,
    play: (stage) => expectNone(stage, 4411, 'TOKEN_REVOKED', AWAY_MS),
  },
];
