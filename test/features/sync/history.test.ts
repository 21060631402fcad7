import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatWithParticipants, Message, SyncAnswer } from '../../client/protocol.js';
import { createStatements, rotateEpoch } from '../../../src/database/index.js';
import { readModel, registry } from '../../../src/features/index.js';
import { removeExpired } from '../../../src/features/disappearing/disappearing-job.js';
import { deliver } from '../../../src/features/scheduled-messages/deliver.js';
import { claimScheduled } from '../../../src/features/scheduled-messages/scheduled.queries.js';
import { remind } from '../../../src/features/reminders/reminders.service.js';
import { Replica, groupStateOf, heldMessage, ownStateOf } from '../../client/replica.js';
import { useApp } from '../../support/app.js';
import { registerMany, type Answer, type Person } from '../../support/client.js';
import { postgresUrl } from '../../support/database.js';
import { Host } from '../../support/host.js';
import { insertMessages } from '../../support/insert-messages.js';

const test = useApp();

interface Unread {
  readonly unread_count: number;
  readonly unread_mentions: number;
}

type Synced = SyncAnswer & {
  readonly joined: readonly Unread[];
  readonly chats: readonly Unread[];
};

function unreadOf({ unread_count, unread_mentions }: Unread): Unread {
  return { unread_count, unread_mentions };
}

const PAGE = 100;
const MESSAGE_STATE = 'message.state';

/** A client that learns of everything but what it does itself by sync, as docs/realtime.md has it. */
class SyncClient {
  readonly replica = new Replica();
  /** How many messages are unread in each chat, and how many of them name the user. */
  readonly unread = new Map<number, Unread>();
  /** Of each chat; undefined in a group. */
  readonly peers = new Map<number, number | undefined>();
  /** Chats of which the messages have not been read yet. */
  readonly unloaded = new Set<number>();

  constructor(readonly person: Person) {}

  /** One request. @returns whether there is more. */
  async sync(): Promise<boolean> {
    const reads = [...this.replica.chats.values()].flatMap(({ id, own: { last_read_message_id: mark } }) => {
      return mark === null ? [] : [[id, mark]];
    });
    const asked = { ...this.replica.positions(), reads: Object.fromEntries(reads) as Record<string, number> };
    const { status, body } = await this.person.post('/sync', asked);
    expect(status).toBe(200);
    const answer = body as Synced;
    this.#take(answer);
    return answer.has_more || answer.me.has_more || answer.chats.some(({ has_more }) => has_more);
  }

  /** Reads a chat that is new; it may have moved on since the sync. */
  async load(chatId: number): Promise<void> {
    this.unloaded.delete(chatId);
    const held = this.replica.chats.get(chatId);
    if (!held) return;
    const { status, body } = await this.person.get(`/chat/${chatId}`);
    if (status === 404) {
      // Left meanwhile. Were its position kept, then a user who is added again would get only what came after it.
      this.replica.chats.delete(chatId);
      return;
    }
    expect(status).toBe(200);
    held.name = (body as ChatWithParticipants).name;
    held.participantCount = (body as ChatWithParticipants).participant_count;
    held.own = ownStateOf(body as ChatWithParticipants);
    held.group = groupStateOf(body as ChatWithParticipants);
    this.unread.set(chatId, unreadOf(body as Unread));
    held.participants.clear();
    for (const { id } of (body as ChatWithParticipants).participants) held.participants.add(id);
    held.messages.clear();
    for (let cursor = ''; ;) {
      const page = await this.person.get(`/chat/${chatId}/messages?limit=${PAGE}${cursor}`);
      expect(page.status).toBe(200);
      const messages = page.body.messages as Message[];
      for (const message of messages) held.messages.set(message.id, heldMessage(message));
      if (messages.length < PAGE) return;
      cursor = `&cursor=${messages.at(-1)!.id}`;
    }
  }

  async catchUp(): Promise<void> {
    while (await this.sync());
    for (const chatId of this.unloaded) await this.load(chatId);
  }

  state() {
    const chats = [...this.replica.chats.values()]
      .sort((a, b) => a.id - b.id)
      .map(({ messages, participants, ...chat }) => ({
        ...chat,
        unread: this.unread.get(chat.id),
        peer: this.peers.get(chat.id),
        participants: [...participants].sort((a, b) => a - b),
        messages: [...messages].sort(([a], [b]) => a - b),
      }));
    const { mePts, blocked, muted, folders, reminders, scheduled, threads, votes } = this.replica;
    return {
      ...{ mePts, folders, chats },
      blocked: [...blocked].sort((a, b) => a - b),
      muted: [...muted].sort(([a], [b]) => a - b),
      reminders: [...reminders].sort(([a], [b]) => a - b),
      scheduled: [...scheduled].sort(([a], [b]) => a - b),
      threads: [...threads].sort(([a], [b]) => a - b),
      votes: [...votes].sort(([a], [b]) => a - b),
    };
  }

  #take({ epoch, joined, left, chats, me }: Synced): void {
    this.replica.startEpoch(epoch);
    if (me.reset) this.replica.resetOwn();
    for (const change of me.changes) {
      synced.add(change.type);
      this.replica.applyOwn(change);
      if (change.type === 'chat.read_mark') this.unread.set(change.data.chat_id, unreadOf(change.data as Unread));
    }
    this.replica.mePts = me.me_pts;
    for (const chatId of left) this.replica.chats.delete(chatId);
    for (const chat of joined) {
      const { id, name, pts, peer, participant_count: participantCount } = chat;
      const held = { id, name, pts, participantCount, own: ownStateOf(chat), group: groupStateOf(chat) };
      this.replica.chats.set(id, { ...held, participants: new Set(), messages: new Map() });
      this.peers.set(id, peer?.id);
      this.unloaded.add(id);
      this.unread.set(id, unreadOf(chat));
    }
    for (const chat of chats) {
      const { chat_id, pts, too_long, changes } = chat;
      if (too_long) this.unloaded.add(chat_id);
      for (const change of changes) {
        synced.add(change.type);
        this.replica.apply(chat_id, change);
      }
      const held = this.replica.chats.get(chat_id)!;
      held.pts = pts;
      held.own = ownStateOf(chat);
      held.group = { ...held.group, ...groupStateOf(chat) };
      this.unread.set(chat_id, unreadOf(chat));
    }
  }

  /** Reads on this device, which keeps what it is answered. */
  async read(chatId: number, message_id: number): Promise<void> {
    const { status, body } = await this.person.post(`/chat/${chatId}/read`, { message_id });
    const held = this.replica.chats.get(chatId);
    if (status !== 200 || !held) return;
    held.own = { ...held.own, last_read_message_id: body.last_read_message_id, marked_unread: false };
    this.unread.set(chatId, unreadOf(body as Unread));
  }
}

/** How often each kind of step comes, and which kind of change it makes. */
const STEPS = {
  send: { weight: 12, makes: 'message.created' },
  reply: { weight: 6, makes: 'message.created' },
  name: { weight: 6, makes: 'message.created' },
  'name others': { weight: 4, makes: 'message.updated' },
  'reply in a thread': { weight: 8, makes: 'message.created' },
  'follow a thread': { weight: 2, makes: 'thread.updated' },
  'leave a thread alone': { weight: 2, makes: 'thread.updated' },
  'read a thread': { weight: 2, makes: 'thread.updated' },
  react: { weight: 6, makes: 'message.reacted' },
  'take a reaction back': { weight: 3, makes: 'message.reacted' },
  ask: { weight: 4, makes: 'message.created' },
  vote: { weight: 8, makes: 'vote.updated' },
  'close a poll': { weight: 1, makes: 'message.updated' },
  forward: { weight: 4, makes: 'message.created' },
  pin: { weight: 3, makes: 'message.updated' },
  unpin: { weight: 2, makes: 'message.updated' },
  edit: { weight: 6, makes: 'message.updated' },
  delete: { weight: 6, makes: 'message.deleted' },
  read: { weight: 5, makes: 'chat.read_mark' },
  'read elsewhere': { weight: 3, makes: 'chat.read_mark' },
  'mark unread': { weight: 4, makes: 'chat.read_mark' },
  'change settings': { weight: 5, makes: 'chat.settings' },
  'write a draft': { weight: 4, makes: 'chat.draft' },
  'drop a draft': { weight: 1, makes: 'chat.draft' },
  'send a draft': { weight: 2, makes: 'chat.draft' },
  'set folders': { weight: 2, makes: 'folders.updated' },
  'put into a folder': { weight: 2, makes: 'folders.updated' },
  remind: { weight: 4, makes: 'reminder.updated' },
  dismiss: { weight: 1, makes: 'reminder.updated' },
  'let a reminder come': { weight: 5, makes: 'reminder.due' },
  schedule: { weight: 4, makes: 'scheduled.updated' },
  'change a scheduled message': { weight: 1, makes: 'scheduled.updated' },
  'cancel a scheduled message': { weight: 1, makes: 'scheduled.updated' },
  'send a scheduled message now': { weight: 2, makes: 'message.created' },
  'let scheduled messages come': { weight: 3, makes: 'message.created' },
  'set the timer': { weight: 2, makes: 'chat.updated' },
  'let a message disappear': { weight: 3, makes: 'message.deleted' },
  rename: { weight: 2, makes: 'chat.updated' },
  'change the rules': { weight: 4, makes: 'chat.updated' },
  'give a role': { weight: 5, makes: 'participant.updated' },
  'hand over': { weight: 2, makes: 'participant.updated' },
  restrict: { weight: 3, makes: 'participant.updated' },
  'lift a restriction': { weight: 2, makes: 'participant.updated' },
  shadow: { weight: 6 },
  'let out of the shadow': { weight: 2 },
  ban: { weight: 1, makes: 'participant.removed' },
  'lift a ban': { weight: 3 },
  'change oneself': { weight: 3, makes: 'me.updated' },
  block: { weight: 2, makes: 'block.updated' },
  unblock: { weight: 2, makes: 'block.updated' },
  mute: { weight: 2, makes: 'mute.updated' },
  unmute: { weight: 1, makes: 'mute.updated' },
  add: { weight: 9, makes: 'participant.added' },
  'add from then on': { weight: 4, makes: 'participant.added' },
  join: { weight: 3, makes: 'participant.added' },
  remove: { weight: 3, makes: 'participant.removed' },
  leave: { weight: 3, makes: 'participant.removed' },
  'open a group': { weight: 2, makes: 'chat.created' },
  'open a private chat': { weight: 2, makes: 'chat.created' },
  'many sends': { weight: 1, makes: 'message.created' },
  'rotate the epoch': { weight: 1 },
  sync: { weight: 8 },
  load: { weight: 4 },
};

/** The types of the changes that syncs have brought. */
const synced = new Set<string>();

const kind = fc.oneof(
  ...Object.entries(STEPS).map(([name, { weight }]) => ({
    arbitrary: fc.constant(name as keyof typeof STEPS),
    weight,
  })),
);

/** Something that somebody does, with numbers that stand for who, where, and to which message or whom. */
const step = fc.record({ what: kind, who: fc.nat(), where: fc.nat(), which: fc.nat() });
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function pick<T>(items: readonly T[], number: number): T | undefined {
  return items[number % items.length];
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

/** Some kind of mentions; to name all may be refused. */
function mentionsOf(which: number, { id }: Person): object {
  return [
    { user_ids: [id] },
    { roles: ['owner', 'moderator'] },
    { all: true },
    { user_ids: [id], roles: ['admin'] },
    {},
  ][which % 5]!;
}

/** What the job of the server does when it is time. */
async function letReminderCome({ id: userId }: Person): Promise<void> {
  const [waiting] = await test.db.$queryRaw<{ message_id: bigint }[]>`
    update public.reminder set remind_at = now() - interval '1 minute'
    where id = (select min(id) from public.reminder where user_id = ${userId} and state = 'waiting') returning message_id`;
  if (!waiting) return;
  const statements = createStatements(test.db, readModel);
  const live = { publishOwn: () => undefined };
  const context = { db: test.db, live, statements } as unknown as Parameters<typeof remind>[0];
  await remind(context, { userId, messageId: Number(waiting.message_id) });
}

/** What the job of the server does when it is time; of what is not refused, and of what is. */
async function letScheduledCome({ id: userId }: Person): Promise<void> {
  const claimed = await test.db.$transaction(async (tx) => {
    // The job of the server sees none of it.
    await tx.$executeRaw`
      update public.scheduled_message set due_at = '2001-01-01' where user_id = ${userId} and state = 'waiting'`;
    return claimScheduled(tx, 100, 60_000);
  });
  const statements = createStatements(test.db, readModel);
  const quiet = { publish: () => undefined, publishOwn: () => undefined };
  const log = {
    warn: ({ err }: { readonly err: Error }) => {
      throw err;
    },
  };
  const services = {
    db: test.db,
    statements,
    live: quiet,
    log,
    registry: { afterSend: [], messageInputs: [] },
    filter: { isOff: true },
  };
  await deliver(services as unknown as Parameters<typeof deliver>[0], claimed);
}

/** What the job of the server does when it is time. */
async function letDisappear(messageId: number): Promise<void> {
  const message = await test.db.message.findUnique({ where: { id: messageId } });
  if (!message?.expires_at) return;
  const context = { db: test.db, live: { publish: () => undefined }, log: console, statements: {} };
  const expired = { id: messageId, chat_id: Number(message.chat_id), author_id: Number(message.author_id) };
  await removeExpired(context as unknown as Parameters<typeof removeExpired>[0], expired);
}

/** Three people with a device each, and what they do. */
class History {
  readonly #chats: number[] = [];
  readonly #messages = new Map<number, number[]>();

  constructor(
    readonly clients: readonly SyncClient[],
    readonly host: Host,
  ) {}

  async take({ what, who, where, which }: Step): Promise<void> {
    const client = pick(this.clients, who)!;
    const { person } = client;
    const target = pick(this.clients, which)!.person;
    if (what === 'sync') await client.sync();
    else if (what === 'rotate the epoch') await rotateEpoch(test.db);
    else if (what === 'open a group') {
      this.#opened(await person.post('/chat/group/create', { with_ids: [target.id], name: 'a group' }));
    } else if (what === 'open a private chat') {
      this.#opened(await person.post('/chat/private/create', { with_user_id: target.id }));
    }
    if (what === 'change oneself') await person.patch('/user/me', { name: `name ${which}` });
    if (what === 'block') await person.put(`/user/blocks/${target.id}`);
    if (what === 'unblock') await person.delete(`/user/blocks/${target.id}`);
    if (what === 'mute')
      await person.put(`/user/mutes/${target.id}`, which % 2 ? { until: '2100-01-01T00:00:00.000Z' } : {});
    if (what === 'unmute') await person.delete(`/user/mutes/${target.id}`);
    if (what === 'set folders') {
      const folders = ['a', 'b', 'c'].slice(which % 4).map((id) => ({
        id,
        name: `name ${which}`,
        unread_only: which % 2 === 0,
      }));
      await person.put('/user/folders', { folders });
    }
    if (what === 'let scheduled messages come') await letScheduledCome(person);
    const chatId = pick(this.#chats, where);
    if (chatId === undefined) return;
    const url = `/chat/${chatId}`;
    const messages = this.#messages.get(chatId) ?? [];
    const messageId = pick(messages, which);
    if (what === 'send' || what === 'reply') {
      const reply_to_id = what === 'reply' ? messageId : undefined;
      const { status, body } = await person.post(`${url}/message`, {
        contents: `text ${which}`,
        reply_to_id,
        custom: which % 3 === 0 ? { n0: which } : {},
      });
      if (status === 200) messages.push(body.id);
    } else if (what === 'name') {
      const { status, body } = await person.post(`${url}/message`, {
        contents: 'you',
        mentions: mentionsOf(which, target),
      });
      if (status === 200) messages.push(body.id);
    } else if (what === 'reply in a thread') {
      // Mostly the first messages, so that threads grow.
      const thread_id = messages[which % Math.min(3, messages.length)];
      const { status, body } = await person.post(`${url}/message`, { contents: `text ${which}`, thread_id });
      if (status === 200) messages.push(body.id);
    } else if (what === 'ask') {
      const results = pick(['always', 'after_vote', 'after_close'], which);
      const poll = { question: 'When?', options: ['now', 'later'], results, anonymous: where % 2 === 0, max_votes: 2 };
      const { status, body } = await person.post(`${url}/message`, { contents: `text ${which}`, poll });
      if (status === 200) messages.push(body.id);
    } else if (what === 'vote') {
      const id = await this.#pollIn(chatId, which);
      await person.put(`/message/${id}/poll/votes`, { option_ids: [1, 2].slice(where % 3) });
    } else if (what === 'close a poll') {
      await person.post(`/message/${await this.#pollIn(chatId, which)}/poll/close`, undefined);
    } else if (what === 'many sends') {
      await insertMessages(test, chatId, person, (which % 5) * 150 + 150);
    } else if (what === 'change settings') {
      const muted_until = which % 5 === 0 ? null : new Date(Date.UTC(2100, 0, 1) + (which % 1000)).toISOString();
      const notifications = pick(['default', 'all', 'mentions', 'none'], which);
      const settings = { pinned: which % 2 === 0, archived: which % 3 === 0, muted_until, notifications };
      await person.patch(`${url}/settings`, settings);
    } else if (what === 'write a draft') {
      await person.put(`${url}/draft`, { contents: `draft ${which}`, reply_to_id: messageId ?? null });
    } else if (what === 'drop a draft') {
      await person.delete(`${url}/draft`);
    } else if (what === 'send a draft') {
      const { body: chat } = await person.get(url);
      const draft_revision = chat.draft_revision > 0 ? chat.draft_revision : undefined;
      const { status, body } = await person.post(`${url}/message`, { contents: `text ${which}`, draft_revision });
      if (status === 200) messages.push(body.id);
    } else if (what === 'put into a folder') {
      await person.put(`/user/folders/${'abc'[which % 3]}/chats/${chatId}`);
    } else if (what === 'schedule') {
      const thread = which % 4 === 1 && { thread_id: messageId };
      const inputs = which % 2 === 0 ? {} : { mentions: { roles: ['owner'] }, custom: { which }, ...thread };
      const send_at = inHours((which % 500) + 1);
      await person.post(`${url}/scheduled`, { contents: `text ${which}`, send_at, ...inputs });
    } else if (what === 'change a scheduled message') {
      await person.patch(`/scheduled/${await this.#scheduledBy(person, which)}`, {
        send_at: inHours((which % 500) + 1),
        ...(which % 3 === 0 && { mentions: null, custom: { changed: which } }),
      });
    } else if (what === 'cancel a scheduled message') {
      await person.delete(`/scheduled/${await this.#scheduledBy(person, which)}`);
    } else if (what === 'send a scheduled message now') {
      await person.post(`/scheduled/${await this.#scheduledBy(person, which)}/send`, undefined);
    } else if (what === 'mark unread') {
      await person.post(`${url}/unread`, undefined);
    } else if (what === 'rename') {
      await person.patch(url, { name: `name ${which}` });
    } else if (what === 'change the rules') {
      const rights = ['send', 'rename', 'add_member', 'invite', 'pin'].filter((_right, bit) => which & (1 << bit));
      const rules = {
        no_forward: which % 5 === 0,
        public: which % 2 === 1,
        member_rights: rights,
        history_from_now: which % 2 === 0,
        description: `about ${which}`,
      };
      await person.patch(url, { ...rules, frozen: which % 3 === 0, slow_mode_seconds: which % 7 === 0 ? 10 : 0 });
    } else if (what === 'set the timer') {
      await person.patch(url, { disappear_after_seconds: which % 3 === 0 ? 0 : 3600 });
    } else if (what === 'give a role') {
      const role = pick(['admin', 'moderator', 'member', 'reader'], which >> 2);
      await person.patch(`${url}/participants/${target.id}`, { role });
    } else if (what === 'hand over') {
      await person.patch(`${url}/participants/${target.id}`, { role: 'owner' });
    } else if (what === 'restrict') {
      await person.put(`${url}/participants/${target.id}/restriction`, { reason: 'too loud' });
    } else if (what === 'lift a restriction') {
      await person.delete(`${url}/participants/${target.id}/restriction`);
    } else if (what === 'shadow') {
      await person.put(`${url}/participants/${target.id}/shadow`, { reason: 'spam' });
    } else if (what === 'let out of the shadow') {
      await person.delete(`${url}/participants/${target.id}/shadow`);
    } else if (what === 'ban') {
      await person.put(`${url}/bans/${target.id}`, { reason: 'spam', delete_messages: 'none' });
    } else if (what === 'lift a ban') {
      await person.delete(`${url}/bans/${target.id}`);
    } else if (what === 'add') {
      await person.post(`${url}/participants`, { user_ids: [target.id] });
    } else if (what === 'add from then on') {
      const history_from = String(messageId ?? 'now');
      await this.host.post(`/server/chats/${chatId}/members`, { members: [String(target.id)], history_from });
    } else if (what === 'join') {
      await person.post(`${url}/join`, undefined);
    } else if (what === 'remove') {
      await person.delete(`${url}/participants/${target.id}`);
    } else if (what === 'leave') {
      await person.delete(`${url}/participants/${person.id}`);
    } else if (what === 'load') {
      if (client.unloaded.has(chatId)) await client.load(chatId);
    } else if (messageId !== undefined) {
      if (what === 'let a message disappear') await letDisappear(messageId);
      if (what === 'edit')
        await person.patch(`/message/${messageId}`, {
          contents: `edited ${which}`,
          custom: { [`n${which % 3}`]: which % 2 === 0 ? which : null },
        });
      if (what === 'name others')
        await person.patch(`/message/${messageId}`, { contents: 'you', mentions: mentionsOf(where, target) });
      if (what === 'delete') await person.delete(`/message/${messageId}`);
      const emoji = encodeURIComponent(['👍', '❤️', ':shipped:'][which % 3] ?? '');
      if (what === 'react') await person.put(`/message/${messageId}/reactions/${emoji}`);
      if (what === 'take a reaction back') await person.delete(`/message/${messageId}/reactions/${emoji}`);
      if (what === 'forward')
        await person.post(`/chat/${pick(this.#chats, which)!}/forward`, { message_id: messageId });
      if (what === 'pin')
        await person.put(`/message/${messageId}/pin`, which % 2 ? {} : { until: inHours((which % 500) + 1) });
      if (what === 'unpin') await person.delete(`/message/${messageId}/pin`);
      if (what === 'follow a thread') await person.put(`/message/${messageId}/thread/follow`);
      if (what === 'leave a thread alone') await person.delete(`/message/${messageId}/thread/follow`);
      if (what === 'read a thread')
        await person.put(`/message/${messageId}/thread/read`, { message_id: messages.at(-1) });
      if (what === 'remind')
        await person.put(`/message/${messageId}/reminder`, { remind_at: inHours((which % 500) + 1) });
      if (what === 'let a reminder come') {
        await person.put(`/message/${messageId}/reminder`, { remind_at: inHours((which % 500) + 1) });
        await letReminderCome(person);
      }
      if (what === 'dismiss') await person.delete(`/message/${messageId}/reminder`);
      if (what === 'read') await client.read(chatId, messageId);
      if (what === 'read elsewhere') await new SyncClient(person).read(chatId, messageId);
    }
  }

  /** The id of one of those that wait or have failed; 1 where there is none. */
  async #scheduledBy(person: Person, which: number): Promise<number> {
    const { scheduled } = (await person.get('/user/scheduled')).body as { scheduled: { id: number }[] };
    return pick(scheduled, which)?.id ?? 1;
  }

  /** The id of a message with a poll; 1 where there is none. */
  async #pollIn(chatId: number, which: number): Promise<bigint> {
    const rows = await test.db.$queryRaw<{ id: bigint }[]>`
      select id from public.message where chat_id = ${chatId} and poll is not null order by id`;
    return pick(rows, which)?.id ?? 1n;
  }

  #opened({ status, body }: Answer): void {
    if (status !== 200) return;
    this.#chats.push(body.id);
    this.#messages.set(body.id, []);
  }
}

/** What others have sent or edited in the shadow, the user sees nowhere; the list of chats shows what they see last. */
async function expectNothingOfShadows({ person, replica }: SyncClient): Promise<void> {
  const hidden = await test.db.$queryRaw<
    { id: bigint; chat_id: bigint; author_id: bigint; shadowed: boolean | null }[]
  >`
    select id, chat_id, author_id, shadowed from public.message
    where chat_id = any (${[...replica.chats.keys()]}::int8[]) and (shadowed or own_edit is not null)`;
  for (const { id, chat_id, author_id, shadowed } of hidden) {
    const held = replica.chats.get(Number(chat_id))?.messages.get(Number(id));
    if (Number(author_id) === person.id) continue;
    if (shadowed) expect(held).toBeUndefined();
    const message = await test.db.message.findUniqueOrThrow({ where: { id } });
    if (held) expect(held.contents).toBe(message.contents);
  }
  const { chats } = (await person.get('/user/chats?limit=50')).body as {
    chats: { id: number; last_message: Message | null }[];
  };
  for (const { id, last_message } of chats) {
    const ids = [...(replica.chats.get(id)?.messages.keys() ?? [])];
    if (ids.length > 0) expect(last_message?.id).toBe(Math.max(...ids));
  }
}

/** In a round. */
const HISTORIES = postgresUrl === undefined ? 6 : 12;
const ROUNDS = 5;

describe('after any history', () => {
  it('what was kept, with what syncs have brought, is what a new client gets', { timeout: 120_000 }, async () => {
    const opening: Step[] = [{ what: 'open a group', who: 0, where: 0, which: 1 }];
    const stored = registry.kinds.filter(({ keeps }) => keeps === 'event' || keeps === 'own state');
    const kinds = [...stored.map(({ type }) => type), MESSAGE_STATE].sort();
    const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), async (steps) => {
      const clients = (await registerMany(test, 3)).map((person) => new SyncClient(person));
      const history = new History(clients, await Host.of(test));
      for (const each of [...opening, ...steps]) await history.take(each);
      for (const client of clients) {
        const fresh = new SyncClient(client.person);
        await Promise.all([client.catchUp(), fresh.catchUp()]);
        expect(client.state()).toEqual(fresh.state());
        await expectNothingOfShadows(fresh);
      }
    });
    // A kind that is rare may not come at once.
    for (let round = 0; round < ROUNDS && synced.size < kinds.length; round++) {
      await fc.assert(property, { numRuns: HISTORIES, endOnFailure: true });
    }
    expect([...synced].sort()).toEqual(kinds);
  });

  it('of every kind that there is', () => {
    const made = new Set(Object.values(STEPS).flatMap((each) => ('makes' in each ? [each.makes] : [])));
    expect([...made].sort()).toEqual(registry.kinds.map(({ type }) => type).sort());
  });

  it('a chat that was left and joined again before it had been read comes whole', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    await ada.send(chatId, 'of before');
    const device = new SyncClient(bob);
    await device.sync();
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    await device.load(chatId);
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
    await device.catchUp();
    const fresh = new SyncClient(bob);
    await fresh.catchUp();
    expect(device.state()).toEqual(fresh.state());
  });

  it('a first read on another device is found as well', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    const { id } = await ada.send(chatId, 'hello');
    const [device, another] = [new SyncClient(bob), new SyncClient(bob)];
    await device.catchUp();
    await another.read(chatId, id);
    await device.catchUp();
    expect(device.replica.chats.get(chatId)?.own.last_read_message_id).toBe(id);
    expect(device.unread.get(chatId)?.unread_count).toBe(0);
  });
});
