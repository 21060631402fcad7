import type { Frame } from '../proxy/frame.js';
import type { Fate } from '../proxy/taps.js';
import type { Rule } from '../rule.js';
import type { Stage } from '../stage.js';
import { act } from './acts.js';

const FATES: readonly Fate[] = ['lose', 'lose the answer', 'away'];
const REPEATED = 0.15;
const DELAYED = 0.15;
const HINTED = 0.1;
const LOST_SENDS = 0.3;
const STEP_MS = 40;

/** They travel on ways of their own, in their order. */
const IN_ORDER = ['chat.created', 'participant.removed'];

/** Events come twice, late and in another order, or as hints: whatever a client has to stand. */
function unsettle({ proxy, random }: Stage): void {
  proxy.taps.event = (event, way) => {
    if (random.chance(REPEATED)) return [event, event];
    if (random.chance(DELAYED) && !IN_ORDER.includes(event.type)) {
      setTimeout(
        () => {
          way.toClient(event);
        },
        random.between(1, 300),
      );
      return [];
    }
    return [random.chance(HINTED) ? hintOf(event) : event];
  };
  proxy.taps.send = () => (random.chance(LOST_SENDS) ? (FATES[random.below(FATES.length)] ?? 'pass') : 'pass');
}

function hintOf(event: Frame): Frame {
  const { type, chat_id, pts } = event;
  if (chat_id === undefined || pts === undefined || type === 'participant.removed') return event;
  return { type: 'chat.advanced', chat_id, pts };
}

export const mixedRules: readonly Rule[] = [
  {
    name: 'mixed',
    section: 'the-idea',
    says: 'After a long time in which all of this happens, the client has what a new client would get.',
    isLong: true,
    async play(stage) {
      const chats = [await stage.group('Stays'), await stage.group('Comes and goes')];
      await stage.start();
      unsettle(stage);
      // A chat that was left and joined again may be taken afresh.
      stage.client.mayGoBack = true;
      const sent: string[] = [];
      const until = performance.now() + stage.options.mixedMs;
      while (performance.now() < until) {
        await act({ stage, chats, sent });
        await stage.pause(stage.random.between(0, STEP_MS * 2));
      }
      delete stage.proxy.taps.send;
      delete stage.proxy.taps.event;
      for (const text of sent)
        await stage.until(async () => (await stage.count(chats[0] ?? 0, text)) > 0, `"${text}" was not sent.`);
      // What was delayed has come by then; a hint stands for what the last cut has swallowed.
      await stage.pause(400);
      for (const text of sent) await stage.once(chats[0] ?? 0, text);
    },
  },
];
