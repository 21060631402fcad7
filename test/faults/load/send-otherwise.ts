import { NO_THREAD } from '../checker/history.js';
import { close, type OpenScheduled } from './ledger.js';
import { ask, sendWith, type Scene } from './scene.js';

/** More than the least by as long as a request may be repeated. */
const LATER_MS = 90_000;
const ENDED = ['NO_LONGER_WAITING'];
/** How what is scheduled goes on. */
const COURSES = ['hurry', 'hurry', 'send now', 'hurry', 'cancel', 'wait', 'hurry and cancel'] as const;

/** A copy in the same chat, of which there may be as many as one likes. */
export async function forward(scene: Scene): Promise<void> {
  const { ledger, person, chat, messageId } = scene;
  const send = ledger.openSend(person.id, chat.id, undefined);
  ledger.counters.count('forwards');
  await sendWith(scene, send, {
    ...{ part: 'forward', more: { message_id: messageId } },
    // What is gone is not forwarded.
    mayRefuse: ['MESSAGE_DOES_NOT_EXIST'],
  });
}

/** Some become due at once, some are sent before their time, some are cancelled, and some wait until they are due. Every other one is for a thread. */
export async function schedule(scene: Scene): Promise<void> {
  const { world, ledger, person, chat, messageId } = scene;
  const course = COURSES[ledger.scheduled.length % COURSES.length]!;
  const open = ledger.openScheduled(person.id, chat.id, ledger.scheduled.length % 2 ? messageId : undefined);
  const { contents, mark: client_id, threadId: thread_id } = open;
  const send_at = new Date(Date.now() + LATER_MS).toISOString();
  const path = `/chat/${chat.id}/scheduled`;
  const given = await ask(
    scene,
    { method: 'POST', path, body: { contents, client_id, send_at, thread_id } },
    { mayRefuse: ['TOO_MANY_SCHEDULED', ...NO_THREAD] },
  );
  close(open, given !== undefined);
  if (!given) return;
  const id: number = given.body.id;
  if (course.startsWith('hurry')) await world.hurry(client_id);
  if (course === 'send now')
    await ask(scene, { method: 'POST', path: `/scheduled/${id}/send` }, { mayRefuse: [...ENDED, ...NO_THREAD] });
  if (course.endsWith('cancel')) await cancel(scene, open, id);
}

async function cancel(scene: Scene, open: OpenScheduled, id: number): Promise<void> {
  open.cancel = 'asked';
  const given = await ask(scene, { method: 'DELETE', path: `/scheduled/${id}` }, { mayRefuse: ENDED });
  if (given) open.cancel = 'acknowledged';
}
