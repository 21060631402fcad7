import { setTimeout as sleep } from 'node:timers/promises';
import { pick } from '../random.js';
import { close, newTry, type OpenSanction } from './ledger.js';
import type { Person } from './person.js';
import { ask, sendWith, type Scene } from './scene.js';

/** How long somebody is kept from writing, at the most. */
const LASTING_MS = 6000;
/** Of so many sanctions one stays. */
const STAYS = 3;

export async function report(scene: Scene): Promise<void> {
  const { ledger, person, messageId } = scene;
  const deposit = ledger.begin(ledger.deposits, { userId: person.id, what: 'report', targetId: messageId });
  ledger.counters.count('reports');
  const body = { message_id: messageId, reason: 'spam' };
  const given = await ask(scene, { method: 'POST', path: '/reports', body }, { mayRefuse: ['REPORT_YOURSELF'] });
  close(deposit, given !== undefined);
}

export function restrict(scene: Scene): Promise<void> {
  return sanction(scene, 'restriction', (userId) => `participants/${userId}/restriction`);
}

export function ban(scene: Scene): Promise<void> {
  return sanction(scene, 'ban', (userId) => `bans/${userId}`);
}

/** The owner of a group keeps somebody from writing, who tries to; most are forgiven later. */
async function sanction(given: Scene, kind: OpenSanction['kind'], partOf: (userId: number) => string): Promise<void> {
  const { ledger, world, action } = given;
  const found = findGroup(given, kind);
  if (!found) return;
  const { owner, target, chatId } = found;
  const open = ledger.begin(ledger.sanctions, { kind, userId: target.id, chatId, lifting: undefined });
  ledger.counters.count(kind === 'ban' ? 'bans' : 'restrictions');
  const scene = { ...given, person: owner };
  const path = `/chat/${chatId}/${partOf(target.id)}`;
  const isDone = await ask(scene, { method: 'PUT', path, body: { reason: 'as an example' } }, { chatId });
  close(open, isDone !== undefined);
  if (!isDone) return;
  const send = ledger.openSend(target.id, chatId, 'a try');
  await sendWith({ ...scene, person: target }, send, {});
  if (ledger.sanctions.length % STAYS === 0) return;
  await sleep(world.random.between(0, LASTING_MS));
  const lifting = (open.lifting = newTry());
  close(
    lifting,
    (await ask({ ...scene, action: { ...action } }, { method: 'DELETE', path }, { chatId })) !== undefined,
  );
}

/** Nobody meets with the same twice in the same group. */
function findGroup(
  { world, ledger, action }: Scene,
  kind: OpenSanction['kind'],
): { readonly owner: Person; readonly target: Person; readonly chatId: number } | undefined {
  const groups = [...world.creators].filter(([chatId]) => world.isBusy(chatId));
  const [chatId, ownerId] = pick(groups, action.who) ?? [];
  const owner = ownerId === undefined ? undefined : world.person(ownerId);
  if (chatId === undefined || !owner) return undefined;
  const had = ledger.sanctions.filter((each) => each.chatId === chatId && each.kind === kind);
  const others = [...(owner.chats.get(chatId)?.participants ?? [])].filter((id) => {
    return id !== owner.id && !had.some(({ userId }) => userId === id);
  });
  const target = world.person(pick(others, action.whom) ?? 0);
  return target && { owner, target, chatId };
}
