import type { HeldChat } from '../../client/replica.js';
import type { Request } from '../../client/servers.js';
import type { Action } from '../plan/plan.js';
import { pick } from '../random.js';
import type { Ledger } from './ledger.js';
import type { Person } from './person.js';
import type { World } from './world.js';

const EMOJIS = ['👍', '🎉', ':thanks:'];
const HOUR_MS = 3_600_000;
/** A thread whose first message is gone, or a message that is in a thread itself. */
const NO_THREAD = ['THREAD_DOES_NOT_EXIST', 'THREAD_IN_THREAD'];

/** With whom, and with what, something is done. */
interface Scene {
  readonly world: World;
  readonly ledger: Ledger;
  readonly person: Person;
  readonly chat: HeldChat;
  /** A message that the first device of the person has. */
  readonly messageId: number;
  readonly action: Action;
}

type Act = (scene: Scene) => Promise<void>;

/** What people do with messages and chats beside writing, editing and deleting. */
const ACTS: readonly Act[] = [
  react,
  react,
  takeBack,
  replyInThread,
  replyInThread,
  answer,
  mention,
  draft,
  remind,
  follow,
  markUnread,
  describe,
];

export async function enrich(world: World, ledger: Ledger, person: Person, action: Action): Promise<void> {
  const chat = pick(world.busyChats(person), action.what);
  const messageId = chat && pick([...chat.messages.keys()].slice(-20), action.whom);
  if (messageId === undefined) return;
  ledger.counters.count('enriched');
  await pick(ACTS, world.random.next())!({ world, ledger, person, chat: chat!, messageId, action });
}

/** Repeats a request until it is answered. What has been done may be gone meanwhile, or not be the person's any more. */
async function ask({ world, ledger, person, action }: Scene, request: Omit<Request, 'token'>): Promise<boolean> {
  const { token } = person;
  const given = await world.servers.requestUntilAnswered({ ...request, token, node: action.node });
  ledger.expect(given, [200, 404], `${request.method} ${request.path}`);
  return given.status === 200;
}

async function react(scene: Scene): Promise<void> {
  const { ledger, person, messageId, action } = scene;
  const emoji = pick(EMOJIS, action.who)!;
  const reaction = ledger.openReaction(person.id, messageId, emoji);
  const path = `/message/${messageId}/reactions/${encodeURIComponent(emoji)}`;
  reaction.isAcknowledged = await ask(scene, { method: 'PUT', path });
}

/** Of an emoji that nobody gives, so that what is acknowledged stays. */
async function takeBack(scene: Scene): Promise<void> {
  const path = `/message/${scene.messageId}/reactions/${encodeURIComponent('❤️')}`;
  for (const method of ['PUT', 'DELETE'] as const) await ask(scene, { method, path });
}

/** Sends with more than contents. @returns whether it was refused for one of these codes, by which it has come to nothing. */
async function sendWith(
  { world, ledger, person, chat, action }: Scene,
  more: object,
  mayRefuse: readonly string[],
): Promise<void> {
  const send = ledger.openSend(person.id, chat.id, `from ${person.id}`);
  const body = { contents: send.contents, client_id: send.clientId, ...more };
  const path = `/chat/${chat.id}/message`;
  const { token } = person;
  const given = await world.servers.requestUntilAnswered({ method: 'POST', path, token, body, node: action.node });
  if (mayRefuse.includes(given.body.details?.code)) send.isWithdrawn = true;
  else if (ledger.answerSend(send, given)) {
    person.remember({ chatId: chat.id, mark: send.mark, clientId: send.clientId, id: given.body.id });
  }
}

function replyInThread(scene: Scene): Promise<void> {
  return sendWith(scene, { thread_id: scene.messageId }, NO_THREAD);
}

function answer(scene: Scene): Promise<void> {
  return sendWith(scene, { reply_to_id: scene.messageId }, []);
}

function mention(scene: Scene): Promise<void> {
  const { chat, action } = scene;
  const user = pick([...chat.participants], action.who);
  return sendWith(scene, { mentions: { user_ids: [user ?? scene.person.id] }, custom: { at: action.at } }, []);
}

async function draft(scene: Scene): Promise<void> {
  const body = { contents: `a draft at ${scene.action.at}` };
  await ask(scene, { method: 'PUT', path: `/chat/${scene.chat.id}/draft`, body });
}

async function remind(scene: Scene): Promise<void> {
  const body = { remind_at: new Date(Date.now() + HOUR_MS).toISOString() };
  await ask(scene, { method: 'PUT', path: `/message/${scene.messageId}/reminder`, body });
}

async function follow(scene: Scene): Promise<void> {
  await ask(scene, { method: 'PUT', path: `/message/${scene.messageId}/thread/follow` });
}

async function markUnread(scene: Scene): Promise<void> {
  await ask(scene, { method: 'POST', path: `/chat/${scene.chat.id}/unread` });
}

/** Only who has opened a group may surely do it. */
async function describe(scene: Scene): Promise<void> {
  const { world, person, chat, action } = scene;
  if (world.creators.get(chat.id) !== person.id) return;
  await ask(scene, { method: 'PATCH', path: `/chat/${chat.id}`, body: { description: `as of ${action.at}` } });
}
