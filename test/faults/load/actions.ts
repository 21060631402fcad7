import { contentsOf } from '../checker/history.js';
import type { HeldChat } from '../../client/replica.js';
import type { Request } from '../../client/servers.js';
import type { Action } from '../plan/plan.js';
import { pick } from '../random.js';
import type { Ledger } from './ledger.js';
import { sendMessage } from './sending.js';
import type { Person, World } from './world.js';

/** What a change of a group may be answered with: a user who has left it can't change it. */
const CHANGED = [200, 404];
const READ = [200, 404, 429, 503];

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
    case 'settings':
      return changeSettings(world, ledger, person, action);
    case 'type': {
      const chat = pick(world.busyChats(person), action.what);
      // Nobody waits for the answer, which there is when the chat is not theirs any more.
      if (chat) person.devices[0]!.session?.tell?.({ type: 'typing', ref: 'typing', chat_id: chat.id });
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

async function edit({ servers }: World, ledger: Ledger, person: Person, { what, at, node }: Action): Promise<void> {
  const message = pick(person.messages, what);
  if (!message) return;
  const contents = contentsOf(message.clientId, `edited at ${at.toFixed(3)}`);
  const record = ledger.openEdit(message.id, contents);
  const answer = await servers.requestUntilAnswered({
    method: 'PATCH',
    path: `/message/${message.id}`,
    token: person.token,
    body: { contents },
    node,
  });
  if (answer.status === 200) record.acknowledgedPts = answer.body.pts;
  else record.refusal = answer.status;
}

async function remove({ servers }: World, ledger: Ledger, person: Person, { what, node }: Action): Promise<void> {
  const message = pick(person.messages, what);
  if (!message) return;
  const record = ledger.openDeletion(message.id);
  const path = `/message/${message.id}`;
  const answer = await servers.requestUntilAnswered({ method: 'DELETE', path, token: person.token, node });
  if (answer.status === 200) record.isAcknowledged = true;
  else record.refusal = answer.status;
}

async function read(world: World, ledger: Ledger, person: Person, { what, road }: Action): Promise<void> {
  const chat = pick(world.busyChats(person), what);
  const newest = [...(chat?.messages.keys() ?? [])].at(-1);
  if (!chat || newest === undefined) return;
  const reading = ledger.openReading(person.id, chat.id);
  const { session } = person.devices[0]!;
  const path = `/chat/${chat.id}/read`;
  // Whether it is answered makes no difference: it is said again when more is read.
  const answer =
    road === 'socket' && session?.request
      ? await session.request({ type: 'read', chat_id: chat.id, message_id: newest }).catch(() => undefined)
      : await world.servers.request({ method: 'POST', path, token: person.token, body: { message_id: newest } });
  if (answer) ledger.expect(answer, READ, `a read of chat ${chat.id}`);
  if (answer?.status === 200) reading.acknowledgedId = answer.body.last_read_message_id ?? undefined;
}

async function changeSettings(world: World, ledger: Ledger, person: Person, { what, node }: Action): Promise<void> {
  const chat = pick([...person.chats.values()], what);
  if (!chat) return;
  const setting = ledger.openSetting(person.id, chat.id);
  const { mutedUntil: muted_until, pinned, archived } = setting;
  const answer = await world.servers.requestUntilAnswered({
    method: 'PATCH',
    path: `/chat/${chat.id}/settings`,
    token: person.token,
    body: { muted_until, pinned, archived },
    node,
  });
  ledger.expect(answer, CHANGED, `settings of chat ${chat.id}`);
  setting.answeredAt = Date.now();
  setting.isAcknowledged = answer.status === 200;
}

/** What is done to a group. */
async function manage(world: World, ledger: Ledger, person: Person, action: Action): Promise<void> {
  const { counters } = ledger;
  const group = pick(world.busyChats(person).filter(isGroup), action.what);
  if (!group) return;
  const { creators, people } = world;
  const path = `/chat/${group.id}`;
  const change = (request: Pick<Request, 'method' | 'path' | 'body'>) => {
    return changeGroup(world, ledger, { ...request, token: person.token, node: action.node });
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
      await change({ method: 'POST', path: `${path}/participants`, body: { user_ids: [other.id] } });
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
export async function changeGroup({ servers }: World, ledger: Ledger, request: Request): Promise<boolean> {
  const answer = await servers.requestUntilAnswered(request);
  ledger.expect(answer, CHANGED, `${request.method} ${request.path}`);
  return answer.status === 200;
}

function isGroup({ name }: HeldChat): boolean {
  return name !== null;
}
