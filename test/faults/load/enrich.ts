import { NO_THREAD } from '../checker/history.js';
import type { Action } from '../plan/plan.js';
import { pick } from '../random.js';
import { markDelivered, putIntoFolder } from './keep.js';
import type { Ledger } from './ledger.js';
import { ban, report, restrict } from './moderate.js';
import type { Person } from './person.js';
import { pin, unpin } from './pin.js';
import { addOption, askPoll, closePoll, vote } from './polls.js';
import { forward, schedule } from './send-otherwise.js';
import { ask, sendWith, type Act, type Scene } from './scene.js';
import type { World } from './world.js';

const EMOJIS = ['👍', '🎉', ':thanks:'];
const HOUR_MS = 3_600_000;

/** What people do with messages and chats beside writing, editing and deleting; in turn, so that each is done. */
const ACTS: readonly Act[] = [
  react,
  askPoll,
  pin,
  replyInThread,
  schedule,
  vote,
  forward,
  takeBack,
  restrict,
  answer,
  vote,
  pin,
  mention,
  addOption,
  draft,
  schedule,
  ban,
  react,
  vote,
  unpin,
  remind,
  forward,
  report,
  follow,
  markDelivered,
  replyInThread,
  restrict,
  markUnread,
  closePoll,
  putIntoFolder,
  describe,
];

export async function enrich(world: World, ledger: Ledger, person: Person, action: Action): Promise<void> {
  const chat = pick(world.busyChats(person), action.what);
  const messageId = chat && pick([...chat.messages.keys()].slice(-20), action.whom);
  if (messageId === undefined) return;
  const turn = ledger.counters.get('enriched');
  ledger.counters.count('enriched');
  await ACTS[turn % ACTS.length]!({ world, ledger, person, chat: chat!, messageId, action });
}

async function react(scene: Scene): Promise<void> {
  const { ledger, person, messageId, action } = scene;
  const emoji = pick(EMOJIS, action.who)!;
  const reaction = ledger.openReaction(person.id, messageId, emoji);
  const path = `/message/${messageId}/reactions/${encodeURIComponent(emoji)}`;
  reaction.isAcknowledged = (await ask(scene, { method: 'PUT', path })) !== undefined;
}

/** Of an emoji that nobody gives, so that what is acknowledged stays. */
async function takeBack(scene: Scene): Promise<void> {
  const path = `/message/${scene.messageId}/reactions/${encodeURIComponent('❤️')}`;
  for (const method of ['PUT', 'DELETE'] as const) await ask(scene, { method, path });
}

/** A message of one's own, which one may edit and delete. */
async function write(scene: Scene, more: object, mayRefuse: readonly string[] = []): Promise<void> {
  const { ledger, person, chat } = scene;
  const send = ledger.openSend(person.id, chat.id, `from ${person.id}`);
  const id = await sendWith(scene, send, { more, mayRefuse });
  if (id !== undefined) person.remember({ chatId: chat.id, mark: send.mark, clientId: send.clientId, id });
}

function replyInThread(scene: Scene): Promise<void> {
  return write(scene, { thread_id: scene.messageId }, NO_THREAD);
}

function answer(scene: Scene): Promise<void> {
  return write(scene, { reply_to_id: scene.messageId });
}

function mention(scene: Scene): Promise<void> {
  const { chat, action } = scene;
  const user = pick([...chat.participants], action.who);
  return write(scene, { mentions: { user_ids: [user ?? scene.person.id] }, custom: { at: action.at } });
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
