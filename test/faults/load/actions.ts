import { contentsOf } from '../checker/history.js';
import type { HeldChat } from '../client/replica.js';
import type { Action } from '../plan/plan.js';
import { pick } from '../random.js';
import type { Ledger } from './ledger.js';
import { sendMessage } from './sending.js';
import type { Person, World } from './world.js';

/** Does what the plan says, with whom and what is there now; nothing when there is nothing of the kind. */
export async function act(world: World, ledger: Ledger, action: Action): Promise<void> {
  const person = pick(world.people, action.who)!;
  switch (action.kind) {
    case 'send': {
      const chat = pick(world.busyChats(person), action.what);
      if (chat) await sendMessage(world, ledger, person, chat.id, action);
      return;
    }
    case 'edit':
      return edit(world, ledger, person, action);
    case 'delete':
      return remove(world, ledger, person, action);
    case 'read':
      return read(world, ledger, person, action);
    case 'type': {
      const chat = pick(world.busyChats(person), action.what);
      if (chat) person.devices[0]!.session?.tell?.({ type: 'typing', chat_id: chat.id });
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

async function edit({ servers }: World, ledger: Ledger, person: Person, { what, at }: Action): Promise<void> {
  const message = pick(person.messages, what);
  if (!message) return;
  const contents = contentsOf(message.clientId, `edited at ${at.toFixed(3)}`);
  const record = ledger.openEdit(message.id, contents);
  const answer = await servers.requestUntilAnswered({
    method: 'PATCH',
    path: `/message/${message.id}`,
    token: person.token,
    body: { contents },
  });
  if (answer.status === 200) record.acknowledgedPts = answer.body.pts;
}

async function remove({ servers }: World, ledger: Ledger, person: Person, { what }: Action): Promise<void> {
  const message = pick(person.messages, what);
  if (!message) return;
  const record = ledger.openDeletion(message.id);
  const path = `/message/${message.id}`;
  const answer = await servers.requestUntilAnswered({ method: 'DELETE', path, token: person.token });
  record.isAcknowledged = answer.status === 200;
}

async function read(world: World, { counters }: Ledger, person: Person, { what, road }: Action): Promise<void> {
  const chat = pick(world.busyChats(person), what);
  const newest = [...(chat?.messages.keys() ?? [])].at(-1);
  if (!chat || newest === undefined) return;
  const { session } = person.devices[0]!;
  if (road === 'socket' && session?.request) {
    // Whether it is answered makes no difference: it is said again when more is read.
    await session.request({ type: 'read', chat_id: chat.id, message_id: newest }).catch(() => undefined);
  } else {
    const body = { message_id: newest };
    await world.servers.request({ method: 'POST', path: `/chat/${chat.id}/read`, token: person.token, body });
  }
  counters.count('reads');
}

/** What is done to a group. It is repeated until it is answered; then it may have been done by an earlier try. */
async function manage(world: World, { counters }: Ledger, person: Person, action: Action): Promise<void> {
  const group = pick(world.busyChats(person).filter(isGroup), action.what);
  if (!group) return;
  const { token } = person;
  const { servers, creators, people } = world;
  const path = `/chat/${group.id}`;
  const isCreator = creators.get(group.id) === person.id;
  switch (action.kind) {
    case 'rename':
      counters.count('renames');
      await servers.requestUntilAnswered({ method: 'PATCH', path, token, body: { name: `named at ${action.at}` } });
      return;
    case 'add': {
      const other = pick(
        people.filter(({ id }) => !group.participants.has(id)),
        action.whom,
      );
      if (!other) return;
      counters.count('joins');
      const body = { user_ids: [other.id] };
      await servers.requestUntilAnswered({ method: 'POST', path: `${path}/participants`, token, body });
      return;
    }
    default: {
      // The creator removes somebody; the others may leave.
      const others = [...group.participants].filter((id) => id !== person.id);
      const userId =
        action.kind === 'remove' && isCreator ? pick(others, action.whom) : isCreator ? undefined : person.id;
      if (userId === undefined) return;
      counters.count('leaves');
      await servers.requestUntilAnswered({ method: 'DELETE', path: `${path}/participants/${userId}`, token });
    }
  }
}

function isGroup({ name }: HeldChat): boolean {
  return name !== null;
}
