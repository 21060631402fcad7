import type { Chat, Message } from '../../../sdk/src/wire.js';
import { Refused, type ChangeChat } from '../person.js';
import type { Stage } from '../stage.js';

const EMOJIS = ['👍', '🎉', ':shipped:'];
const ROLES: readonly Chat['own_role'][] = ['admin', 'moderator', 'member'];
/** Members may always send, as the client does. */
const RIGHTS: readonly NonNullable<ChangeChat['member_rights']>[] = [
  ['send'],
  ['send', 'invite'],
  ['send', 'rename', 'add_member'],
];
const SHORTEST_LIFE_S = 5;
/** Somebody is not in the chat or may not do it there, or the message has just disappeared. */
const NOT_POSSIBLE = [403, 404];

/** Where people act at random. */
export interface Scene {
  readonly stage: Stage;
  /** In the first one the client's user stays, and no message disappears: so it is known what becomes of what the client sends. */
  readonly chats: number[];
  /** What the client was told to send. */
  readonly sent: string[];
}

type Act = (scene: Scene, chatId: number) => Promise<unknown>;

function one<T>({ stage: { random } }: Scene, items: readonly T[]): T {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('There is none.');
  return item;
}

function isFirst({ chats }: Scene, chatId: number): boolean {
  return chatId === chats[0];
}

function text({ stage: { random } }: Scene, beginning: string): string {
  return `${beginning} ${random.below(1000)}`;
}

/** Does something with one of the messages that are there. */
async function withMessage(
  scene: Scene,
  chatId: number,
  isGood: (message: Message) => boolean,
  act: (message: Message) => Promise<unknown>,
): Promise<void> {
  const messages = (await scene.stage.bob.messages(chatId)).filter(isGood);
  if (messages.length > 0) await act(one(scene, messages));
}

const any = () => true;

/** The client sends, to a chat in which its user stays. */
const clientSends: Act = ({ stage, chats, sent }) => {
  const contents = `from the client, ${sent.length}`;
  stage.client.send(chats[0] ?? 0, contents);
  sent.push(contents);
  return Promise.resolve();
};

const write: Act = (scene, chatId) => scene.stage.bob.send(chatId, text(scene, 'from Bob,'));

/** What the client has sent keeps its contents. */
const edit: Act = (scene, chatId) => {
  const { bob } = scene.stage;
  const isBobs = ({ author_id }: Message) => author_id === bob.id;
  return withMessage(scene, chatId, isBobs, ({ id }) => bob.edit(id, text(scene, 'edited')));
};

const remove: Act = (scene, chatId) => {
  const { bob } = scene.stage;
  const isBobs = ({ author_id }: Message) => author_id === bob.id;
  return withMessage(scene, chatId, isBobs, ({ id }) => bob.delete(id));
};

const react: Act = (scene, chatId) => {
  const { random, me, bob, carol } = scene.stage;
  const person = one(scene, [me, bob, carol]);
  return withMessage(scene, chatId, any, ({ id }) => {
    return random.chance(0.6) ? person.react(id, one(scene, EMOJIS)) : person.takeBack(id, one(scene, EMOJIS));
  });
};

const answer: Act = (scene, chatId) => {
  return withMessage(scene, chatId, any, ({ id }) => {
    return scene.stage.bob.send(chatId, text(scene, 'answer'), { reply_to_id: id });
  });
};

const replyInThread: Act = (scene, chatId) => {
  const isRoot = ({ thread_id }: Message) => thread_id === undefined;
  return withMessage(scene, chatId, isRoot, ({ id }) => {
    return scene.stage.bob.send(chatId, text(scene, 'in a thread'), { thread_id: id });
  });
};

const mention: Act = async (scene, chatId) => {
  const { me, bob, random } = scene.stage;
  const mentions = one(scene, [{ user_ids: [me.id] }, { all: true }, { roles: ['moderator' as const] }, {}]);
  if (random.chance(0.6)) await bob.send(chatId, text(scene, 'naming'), { mentions });
  else {
    const isBobs = ({ author_id }: Message) => author_id === bob.id;
    await withMessage(scene, chatId, isBobs, ({ id, contents }) => bob.edit(id, contents, { mentions }));
  }
};

const attach: Act = async (scene, chatId) => {
  const { bob, random } = scene.stage;
  const custom = one(scene, [{ ticket: random.below(1000) }, { ticket: null }, { seen: true }]);
  if (random.chance(0.6)) await bob.send(chatId, text(scene, 'with data'), { custom });
  else {
    const isBobs = ({ author_id }: Message) => author_id === bob.id;
    await withMessage(scene, chatId, isBobs, ({ id, contents }) => bob.edit(id, contents, { custom }));
  }
};

const rename: Act = (scene, chatId) => scene.stage.bob.rename(chatId, text(scene, 'Name'));

const describe: Act = (scene, chatId) => {
  return scene.stage.bob.change(chatId, { description: one(scene, [text(scene, 'About'), null]) });
};

const changeRights: Act = (scene, chatId) => {
  return scene.stage.bob.change(chatId, { member_rights: one(scene, RIGHTS) });
};

const giveRole: Act = (scene, chatId) => scene.stage.bob.giveRole(chatId, scene.stage.me, one(scene, ROLES));

const disappear: Act = async (scene, chatId) => {
  if (isFirst(scene, chatId)) return;
  await scene.stage.bob.change(chatId, { disappear_after_seconds: one(scene, [0, SHORTEST_LIFE_S]) });
};

/** Not where the client sends. */
const freeze: Act = async (scene, chatId) => {
  if (isFirst(scene, chatId)) return;
  await scene.stage.bob.change(chatId, { frozen: one(scene, [true, false]), slow_mode_seconds: one(scene, [0, 30]) });
};

const userComesOrGoes: Act = async (scene, chatId) => {
  if (!isFirst(scene, chatId)) await comesOrGoes(scene, chatId, scene.stage.me);
};

const carolComesOrGoes: Act = (scene, chatId) => comesOrGoes(scene, chatId, scene.stage.carol);

async function comesOrGoes({ stage: { bob } }: Scene, chatId: number, person: Stage['me']): Promise<void> {
  const isIn = (await bob.chat(chatId)).participants.some(({ id }) => id === person.id);
  if (isIn) await bob.remove(chatId, person);
  else await bob.add(chatId, person);
}

const open: Act = async ({ stage: { bob, me }, chats }) => {
  chats.push(await bob.openGroup(`Group ${chats.length}`, [me]));
};

/** On another device. */
const read: Act = async ({ stage: { me } }, chatId) => {
  const last = (await me.messages(chatId)).at(-1);
  if (last) await me.read(chatId, last.id);
};

const markUnread: Act = ({ stage: { me } }, chatId) => me.markUnread(chatId);

const draft: Act = async (scene, chatId) => {
  const { me, random } = scene.stage;
  if (random.chance(0.3)) await me.clearDraft(chatId);
  else if (random.chance(0.5)) await me.draft(chatId, text(scene, 'begun'));
  else await withMessage(scene, chatId, any, ({ id }) => me.draft(chatId, text(scene, 'begun'), id));
};

const breakNetwork: Act = async ({ stage }) => {
  const { random, proxy } = stage;
  if (random.chance(0.5)) proxy.relay?.cut();
  else {
    proxy.cut();
    await stage.pause(random.between(50, 800));
    proxy.restore();
  }
};

/** What is done more often stands here more often. */
const ACTS: readonly Act[] = [
  ...[clientSends, clientSends, clientSends, clientSends],
  ...[write, write, edit, remove],
  ...[react, react, answer, replyInThread, mention, mention, attach],
  ...[rename, describe, changeRights, giveRole, disappear, freeze],
  ...[userComesOrGoes, carolComesOrGoes, open],
  ...[read, markUnread, draft],
  ...[breakNetwork, breakNetwork],
];

/** One thing that somebody does. What can't be done at the moment is not done. */
export async function act(scene: Scene): Promise<void> {
  try {
    await one(scene, ACTS)(scene, one(scene, scene.chats));
  } catch (error) {
    if (!(error instanceof Refused && NOT_POSSIBLE.includes(error.status))) throw error;
  }
}
