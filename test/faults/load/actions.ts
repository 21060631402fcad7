import type { HeldChat } from '../../client/replica.js';
import type { Request } from '../../client/servers.js';
import type { Action } from '../plan/plan.js';
import { pick } from '../random.js';
import { enrich } from './enrich.js';
import { CHANGED, type Ledger } from './ledger.js';
import type { Person } from './person.js';
import type { World } from './world.js';
import type { Manner } from './writer.js';

/** Does what the plan says, with whom and what is there now; nothing when there is nothing of the kind. */
export async function act(world: World, ledger: Ledger, action: Action): Promise<void> {
  const person = pick(world.people, action.who)!;
  switch (action.kind) {
    case 'send': {
      const chat = pick(world.busyChats(person), action.what);
      if (chat) await sendMessage(ledger, person, chat.id, action);
      return;
    }
    case 'edit':
      return edit(ledger, person, action);
    case 'delete':
      return remove(ledger, person, action);
    case 'read':
      return read(world, ledger, person, action);
    case 'settings':
      return changeSettings(ledger, person, action);
    case 'enrich':
      return enrich(world, ledger, person, action);
    case 'type': {
      const chat = pick(world.busyChats(person), action.what);
      if (chat) person.writer.type(chat.id);
      return;
    }
    case 'rename':
    case 'add':
    case 'leave':
    case 'remove':
      return manage(world, ledger, person, action);
    case 'open': {
      const others = world.random.shuffled(world.people.filter((other) => other !== person)).slice(0, 4);
      await world.openGroup(person, others, `opened by ${person.id}`);
      ledger.counters.count('chats opened');
    }
  }
}

export function sendMessage(ledger: Ledger, person: Person, chatId: number, manner: Manner): Promise<void> {
  return person.writer.send(ledger.openSend(person.id, chatId, `from ${person.id}`), manner);
}

async function edit(ledger: Ledger, person: Person, { what, at, node }: Action): Promise<void> {
  const message = pick(person.messages, what);
  if (message) await person.writer.edit(ledger.openEdit(message, `edited at ${at.toFixed(3)}`), node);
}

async function remove(ledger: Ledger, person: Person, { what, node }: Action): Promise<void> {
  const message = pick(person.messages, what);
  if (message) await person.writer.delete(ledger.openDeletion(message), node);
}

async function read(world: World, ledger: Ledger, person: Person, { what, road }: Action): Promise<void> {
  const chat = pick(world.busyChats(person), what);
  const newest = [...(chat?.messages.keys() ?? [])].at(-1);
  if (!chat || newest === undefined) return;
  await person.writer.read(ledger.openReading(person.id, chat.id), newest, road);
}

async function changeSettings(ledger: Ledger, person: Person, { what, node }: Action): Promise<void> {
  const chat = pick([...person.chats.values()], what);
  if (chat) await person.writer.changeSettings(ledger.openSetting(person.id, chat.id), node);
}

/** What is done to a group. */
async function manage(world: World, ledger: Ledger, person: Person, action: Action): Promise<void> {
  const { counters } = ledger;
  const group = pick(world.busyChats(person).filter(isGroup), action.what);
  if (!group) return;
  const { creators, people } = world;
  const path = `/chat/${group.id}`;
  const change = (request: Pick<Request, 'method' | 'path' | 'body'>, addedId?: number) => {
    const mayRefuse = () => [
      ...ledger.refusalsOf(person.id, group.id),
      ...(addedId === undefined ? [] : ledger.refusalsToAdd(addedId, group.id)),
    ];
    return changeGroup(world, ledger, { ...request, token: person.token, node: action.node }, mayRefuse);
  };
  const isCreator = creators.get(group.id) === person.id;
  switch (action.kind) {
    case 'rename':
      counters.count('renames');
      await change({ method: 'PATCH', path, body: { name: `named at ${action.at}` } });
      return;
    case 'add': {
      const other = pick(
        people.filter(({ id }) => !group.participants.has(id)),
        action.whom,
      );
      if (!other) return;
      counters.count('joins');
      await change({ method: 'POST', path: `${path}/participants`, body: { user_ids: [other.id] } }, other.id);
      return;
    }
    default: {
      // The creator removes somebody; the others may leave.
      const others = [...group.participants].filter((id) => id !== person.id);
      const userId =
        action.kind === 'remove' && isCreator ? pick(others, action.whom) : isCreator ? undefined : person.id;
      if (userId === undefined) return;
      counters.count('leaves');
      await change({ method: 'DELETE', path: `${path}/participants/${userId}` });
    }
  }
}

/** Repeats a request until it is answered; then an earlier try may have done it already. @returns whether it is done. */
export async function changeGroup(
  { servers }: World,
  ledger: Ledger,
  request: Request,
  mayRefuse: () => readonly string[] = () => [],
): Promise<boolean> {
  const answer = await servers.requestUntilAnswered(request);
  ledger.expect(answer, CHANGED, `${request.method} ${request.path}`, mayRefuse());
  return answer.status === 200;
}

function isGroup({ name }: HeldChat): boolean {
  return name !== null;
}
