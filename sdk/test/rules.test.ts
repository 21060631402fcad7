import { expect, it } from 'vitest';
import { Ephemera } from '../src/ephemera.js';
import type { Step } from '../src/held.js';
import { Keeper } from '../src/keeper.js';
import { Loader } from '../src/loader.js';
import { Outbox } from '../src/outbox.js';
import type { Rest } from '../src/rest.js';
import { SessionSync } from '../src/session-sync.js';
import type { Session } from '../src/session.js';
import { TIMING } from '../src/timing.js';
import type { Chat, Message, ServerEvent, SyncAnswer, SyncRequest } from '../src/wire.js';

function message(id: number, contents = `m${id}`): Message {
  const at = '2026-11-27T00:00:00.000Z';
  return { id, contents, author_id: 2, version: 1, created_at: at, updated_at: at };
}

function created(pts: number, chat_id = 6): ServerEvent {
  return { type: 'message.created', chat_id, pts, data: message(pts * 10) };
}

/** A client in chat 6, of which it holds message 10 and up to pts 1, and what a server would have to tell. */
async function follower(kind: 'socket' | 'stream' = 'socket') {
  const asked: SyncRequest[] = [];
  let answerPage: (page: object) => void = () => undefined;
  const rest = { ask: () => new Promise((resolve) => (answerPage = resolve)) } as unknown as Rest;
  const keeper = new Keeper(() => undefined);
  const loader = new Loader(keeper, rest);
  const ephemera = new Ephemera(keeper.replica);
  const sync = new SessionSync(keeper, loader, ephemera, { ...TIMING, resyncSpreadMs: 1 });
  const chat = { id: 6, pts: 1, last_message: message(10), unread_count: 0, last_read_message_id: 10, peer: null };
  const nothing: SyncAnswer = { epoch: 'e', has_more: false, joined: [], left: [], chats: [] };
  const answers: (SyncAnswer | Promise<SyncAnswer>)[] = [{ ...nothing, joined: [chat as unknown as Chat] }];
  const ending = new AbortController();
  const session = {
    ...{ kind, userId: 1, signal: ending.signal },
    sync: (request: SyncRequest) => {
      asked.push(request);
      return Promise.resolve(answers.shift() ?? nothing);
    },
  } as unknown as Session;
  const position = { userId: 1, epoch: null, mePts: 0, peoplePts: 0, me: undefined };
  keeper.commit([{ type: 'position', position }]);
  await sync.start(session);
  const ids = () => [...keeper.replica.range(6).log].map(({ id }) => id);
  const pts = () => keeper.replica.chat(6)?.pts;
  const page = (answer: object) => {
    answerPage(answer);
  };
  return { asked, answers, nothing, ending, keeper, loader, sync, ids, pts, page };
}

it('the next change is applied, a known one is ignored, and none is applied over a gap', async () => {
  const { asked, sync, ids, pts } = await follower();
  for (const each of [2, 2, 1]) sync.push(created(each));
  expect([ids(), pts(), asked.length]).toEqual([[10, 20], 2, 1]);
  sync.push(created(4));
  await expect.poll(() => asked.length).toBe(2);
  expect(asked[1]).toMatchObject({ epoch: 'e', chats: { 6: 2 } });
  expect([ids(), pts()]).toEqual([[10, 20], 2]);
});

it('a stream leaves out numbers, and has nothing missing', async () => {
  const { asked, sync, ids, pts } = await follower('stream');
  sync.push(created(4));
  sync.push(created(3));
  expect([ids(), pts(), asked.length]).toEqual([[10, 40], 4, 1]);
});

it('what was asked on a session that has ended is nothing any more: the next one may be further', async () => {
  const { asked, answers, nothing, ending, keeper, sync, ids, pts } = await follower('stream');
  let answer: (late: SyncAnswer) => void = () => undefined;
  answers.push(new Promise((resolve) => (answer = resolve)));
  sync.push({ type: 'chat.advanced', chat_id: 6, pts: 2 });
  await expect.poll(() => asked.length).toBe(2);
  ending.abort();
  // The next session has brought more.
  const chat = keeper.replica.chat(6);
  if (chat) keeper.commit([{ type: 'chat', chat: { ...chat, pts: 5 } }]);
  const changes = [{ type: 'message.state', pts: 2, data: message(20) }];
  const late = { chat_id: 6, pts: 2, changes, has_more: false, too_long: false, read_marks: [] };
  answer({ ...nothing, chats: [late as unknown as SyncAnswer['chats'][number]] });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect([ids(), pts()]).toEqual([[10], 5]);
});

it('an unknown chat, a hint and a resync are reasons to sync; old ones are not', async () => {
  const { asked, sync } = await follower();
  sync.push({ type: 'chat.advanced', chat_id: 6, pts: 1 });
  expect(asked.length).toBe(1);
  const reasons: ServerEvent[] = [
    created(1, 7),
    { type: 'chat.advanced', chat_id: 6, pts: 5 },
    { type: 'me.advanced', me_pts: 3 },
    { type: 'resync' },
  ];
  for (const [index, reason] of reasons.entries()) {
    sync.push(reason);
    await expect.poll(() => asked.length).toBe(index + 2);
    expect(asked.at(-1)?.chats).toEqual({ 6: 1 });
  }
});

it('the own removal is the end of a chat, but one from before the user was added again is not', async () => {
  const { sync, pts } = await follower();
  const data = { user_id: 1, participant_count: 1, actor_id: 2 };
  sync.push({ type: 'participant.removed', chat_id: 6, pts: 1, data });
  expect(pts()).toBe(1);
  sync.push({ type: 'participant.removed', chat_id: 6, pts: 2, data });
  expect(pts()).toBeUndefined();
});

it('what changes while an older page is read is put over the page', async () => {
  const { keeper, loader, sync, ids, page } = await follower();
  const loading = loader.older(6);
  sync.push({ type: 'message.updated', chat_id: 6, pts: 2, data: message(8, 'edited') });
  sync.push({ type: 'message.deleted', chat_id: 6, pts: 3, data: { id: 7 } });
  await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 1));
  page({ authors: [], has_more: false, messages: [message(9), message(8), message(7)] });
  await loading;
  expect(ids()).toEqual([8, 9, 10]);
  expect(keeper.replica.range(6).log.get(8)?.contents).toBe('edited');
  expect(keeper.replica.range(6).floor).toBe(0);
});

it('what is unread is asked for when a message is deleted that was hidden before it was held', async () => {
  const { keeper, sync } = await follower();
  const deleted = (pts: number, id: number) => {
    sync.push({ type: 'message.deleted', chat_id: 6, pts, data: { id } });
    return keeper.replica.chat(6);
  };
  sync.push(created(2));
  expect(deleted(3, 9)).not.toMatchObject({ isUnreadUnsure: true });
  expect(deleted(4, 15)).toMatchObject({ unread_count: 1, isUnreadUnsure: true });
});

it('what waits is settled by a chat together with its messages, never by one without them', async () => {
  const { keeper, sync } = await follower();
  keeper.observer = new Outbox(keeper, {} as unknown as Rest, TIMING);
  const told: Step[] = [];
  keeper.onSteps = (steps) => told.push(...steps);
  const item = { chatId: 7, order: 1, state: 'pending', tried: true } as const;
  const sent = { ...item, key: 'sent', kind: 'send', contents: 'm20', createdAt: '', answer: { pts: 2 } } as const;
  // The chat is from before the deletion that has been answered: the message is still in it.
  const deleted = { ...item, key: 'deleted', kind: 'delete', messageId: 20, answer: {} } as const;
  keeper.commit([sent, deleted].map((each) => ({ type: 'wait', item: each })));
  const chat = { id: 7, pts: 2, last_message: message(20), unread_count: 0, last_read_message_id: 10, peer: null };
  sync.push({ type: 'chat.created', chat_id: 7, pts: 2, data: chat } as unknown as ServerEvent);
  await keeper.flush();
  expect(told.slice(2).map(({ type }) => type)).toEqual(['chat', 'range', 'settle']);
  expect(keeper.replica.waiting(7).map(({ key }) => key)).toEqual(['deleted']);
  sync.push({ type: 'message.deleted', chat_id: 7, pts: 3, data: { id: 20 } } as unknown as ServerEvent);
  expect(keeper.replica.waiting(7)).toEqual([]);
});
