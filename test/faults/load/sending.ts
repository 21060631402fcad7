import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../client/backoff.js';
import type { Answer } from '../../client/protocol.js';
import { isDefinite } from '../../client/servers.js';
import type { Device } from '../../client/device.js';
import type { Loss } from '../plan/plan.js';
import type { Ledger, OpenSend } from './ledger.js';
import type { Person, World } from './world.js';

/** When a connection breaks after a request was begun: at about the time at which the server works on it. */
const BREAK_MS = 15;
/** How long an answer goes unheeded at the most: the message may be edited or deleted by then. */
const UNHEEDED_MS = 3000;

export interface Manner {
  readonly road: 'rest' | 'socket';
  readonly loss: Loss;
  /** Which node gets the first try; without it any. */
  readonly node?: number | undefined;
}

/** Sends a message, and repeats it until it is answered, as docs/realtime.md says. */
export async function sendMessage(
  world: World,
  ledger: Ledger,
  person: Person,
  chatId: number,
  { road, loss, node }: Manner,
): Promise<void> {
  const { random } = world;
  const { counters } = ledger;
  const send = ledger.openSend(person.id, chatId, `from ${person.id}`);
  let answer = await attempt(world, person, send, { road, loss, node });
  for (let tries = 0; ; tries++) {
    if (isDefinite(answer)) {
      take(ledger, person, send, answer);
      if (loss !== 'answer' || tries > 0) return;
    }
    await sleep(loss === 'answer' && tries === 0 ? random.between(0, UNHEEDED_MS) : backoffMs(tries, random));
    counters.count('retried');
    answer = await attempt(world, person, send, { road: random.chance(0.5) ? 'rest' : 'socket', loss: 'none' });
  }
}

function take({ counters }: Ledger, person: Person, send: OpenSend, { status, body }: Answer): void {
  if (status !== 200) {
    send.refusals.push(status);
    counters.count('refused');
    return;
  }
  const deduplicated = body.deduplicated === true;
  if (send.acknowledgements.length === 0) {
    counters.count('acknowledged');
    person.remember({ id: body.id, clientId: send.clientId });
  }
  if (deduplicated) counters.count('deduplicated');
  send.acknowledgements.push({ messageId: body.id, deduplicated });
}

/** One try. undefined: there was no answer. */
function attempt(world: World, person: Person, send: OpenSend, manner: Manner): Promise<Answer | undefined> {
  const device = person.devices.find(({ kind, session }) => kind === 'socket' && session);
  return manner.road === 'socket' && device
    ? bySocket(world, device, send, manner.loss)
    : byRest(world, person, send, manner);
}

async function bySocket(
  { random }: World,
  device: Device,
  { chatId, contents, clientId }: OpenSend,
  loss: Loss,
): Promise<Answer | undefined> {
  const asked = device.session?.request?.({ type: 'send', chat_id: chatId, contents, client_id: clientId });
  if (loss === 'connection') {
    await sleep(random.between(0, BREAK_MS));
    device.leave(0);
  }
  return asked?.catch(() => undefined);
}

function byRest(
  { servers, random }: World,
  { token }: Person,
  { chatId, contents, clientId }: OpenSend,
  { loss, node }: Manner,
): Promise<Answer | undefined> {
  return servers.request({
    method: 'POST',
    path: `/chat/${chatId}/message`,
    token,
    body: { contents, client_id: clientId },
    node,
    ...(loss === 'connection' && { signal: AbortSignal.timeout(Math.ceil(random.between(0, BREAK_MS))) }),
  });
}
