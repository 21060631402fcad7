import { close } from './ledger.js';
import { ask, type Scene } from './scene.js';

/** Not everybody may, and there is room for so many. */
const MAY_REFUSE = ['RIGHT_MISSING', 'TOO_MANY_PINS'];
/** Of so many messages one is taken down again: what is pinned for good shows whether it is lost. */
const TAKEN_DOWN = 3;

export function pin(scene: Scene): Promise<void> {
  return change(scene, true);
}

/** Of those that may be taken down, and puts it up again once in a while. */
export async function unpin(scene: Scene): Promise<void> {
  const ids = [...scene.chat.messages.keys()].filter((id) => id % TAKEN_DOWN === 0);
  const messageId = ids.at(-1);
  if (messageId === undefined) return;
  for (const pinned of [true, false]) await change({ ...scene, messageId }, pinned);
}

async function change(scene: Scene, pinned: boolean): Promise<void> {
  const { ledger, messageId } = scene;
  const request = { method: pinned ? 'PUT' : 'DELETE', path: `/message/${messageId}/pin` } as const;
  const open = ledger.begin(ledger.pins, { messageId, pinned });
  ledger.counters.count('pins');
  const given = await ask(scene, pinned ? { ...request, body: {} } : request, { mayRefuse: MAY_REFUSE });
  close(open, given !== undefined);
}
