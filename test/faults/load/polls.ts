import { pick } from '../random.js';
import { close, type AskedPoll } from './ledger.js';
import { ask, sendWith, type Scene } from './scene.js';

const RESULTS = ['always', 'after_vote', 'after_close'];
/** Everybody may choose any of these. */
const BALLOTS = [[1], [2], [1, 2], []];
const MAY_REFUSE = ['POLL_CLOSED', 'TOO_MANY_OPTIONS'];

export async function askPoll(scene: Scene): Promise<void> {
  const { ledger, person, chat, action } = scene;
  const results = pick(RESULTS, action.whom);
  const poll = { question: 'When?', options: ['early', 'late'], max_votes: 2, may_add_options: true, results };
  const send = ledger.openSend(person.id, chat.id, 'a poll');
  const messageId = await sendWith(scene, send, { more: { poll } });
  if (messageId !== undefined) ledger.polls.push({ chatId: chat.id, messageId, authorId: person.id });
}

/** In one that the person sees; the first one asks. */
export async function vote(scene: Scene): Promise<void> {
  const { ledger, person, action } = scene;
  const poll = pick(seenPolls(scene), action.what);
  if (!poll) return askPoll(scene);
  const { messageId, chatId } = poll;
  const optionIds = pick(BALLOTS, action.who)!;
  const open = ledger.begin(ledger.votes, { userId: person.id, messageId, optionIds });
  ledger.counters.count('votes');
  const request = { method: 'PUT', path: `/message/${messageId}/poll/votes`, body: { option_ids: optionIds } } as const;
  close(open, (await ask(scene, request, { mayRefuse: MAY_REFUSE, chatId })) !== undefined);
}

export async function addOption(scene: Scene): Promise<void> {
  const { action } = scene;
  const poll = pick(seenPolls(scene), action.what);
  if (poll) await change(scene, poll, `at ${action.at}`);
}

/** Its author does. */
export async function closePoll(scene: Scene): Promise<void> {
  const { world, ledger, action } = scene;
  const poll = pick(ledger.polls, action.what);
  const person = poll && world.person(poll.authorId);
  if (person) await change({ ...scene, person }, poll, undefined);
}

async function change(scene: Scene, { messageId, chatId }: AskedPoll, text: string | undefined): Promise<void> {
  const { ledger } = scene;
  const open = ledger.begin(ledger.pollChanges, { messageId, text });
  const [part, body] = text === undefined ? ['close', undefined] : ['options', { text }];
  const path = `/message/${messageId}/poll/${part}`;
  close(open, (await ask(scene, { method: 'POST', path, body }, { mayRefuse: MAY_REFUSE, chatId })) !== undefined);
}

function seenPolls({ ledger, person }: Scene): AskedPoll[] {
  return ledger.polls.filter(({ chatId, messageId }) => person.chats.get(chatId)?.messages.has(messageId));
}
