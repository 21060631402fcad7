import { groupBy } from '../group-by.js';
import type { DatabaseState } from './database.js';
import type { Problems } from './findings.js';
import { NO_THREAD, type History, type Scheduled } from './history.js';
import { LIMIT_MS } from './limit.js';
import { allMemberships, isLasting } from './membership.js';
import { markOfMessage, tombstonesOf } from './sends.js';

/** What was to be sent when its time came is there once, and what was to disappear then is gone. */
export function* checkTimed(history: History, { chats, scheduled: rows }: DatabaseState): Generator<Problems> {
  const { scheduled, sanctions, endedAt } = history;
  const messages = chats.flatMap((chat) => chat.messages);
  const byMark = groupBy(messages, markOfMessage);
  const deleted = groupBy(chats.flatMap(tombstonesOf), ([, clientId]) => clientId);
  const states = new Map(rows.map((row) => [row.clientId, row]));
  const memberships = allMemberships(chats);
  const mayFail = ({ authorId, chatId }: Scheduled) => {
    const isHandled = sanctions.some((each) => each.userId === authorId && each.chatId === chatId);
    return isHandled || !isLasting(memberships.get(chatId)?.get(authorId) ?? []);
  };
  for (const each of scheduled) {
    const sent = byMark.get(each.mark) ?? [];
    const copies = sent.length + (deleted.get(each.mark)?.length ?? 0);
    const isElsewhere = sent.some(({ threadId }) => threadId !== each.threadId);
    yield [
      ...checkScheduled(each, states.get(each.mark), copies, { endedAt, mayFail: mayFail(each) }),
      ...(isElsewhere ? [`the scheduled message ${each.mark} is not in its thread`] : []),
    ];
  }
  for (const { id, expiresAt } of messages) {
    if (expiresAt === undefined) continue;
    yield expiresAt + LIMIT_MS < endedAt ? [`message ${id} is there, though its time has come`] : [];
  }
}

function* checkScheduled(
  { mark, isAcknowledged, cancel, threadId }: Scheduled,
  row: DatabaseState['scheduled'][number] | undefined,
  copies: number,
  { endedAt, mayFail }: { readonly endedAt: number; readonly mayFail: boolean },
): Generator<string> {
  const name = `the scheduled message ${mark}`;
  if (copies > 1) yield `${name} is there ${copies} times`;
  if (!row) {
    if (isAcknowledged) yield `${name}, which was acknowledged, is lost`;
    return;
  }
  const { state, reason, sendAt } = row;
  if (state === 'sent' ? copies === 0 : copies > 0) yield `${name} is ${state}, and there ${copies} times`;
  if (state === 'waiting' && sendAt + LIMIT_MS < endedAt) yield `${name} waits, though its time has come`;
  // The first message of its thread may be gone.
  const isThreadGone = threadId !== undefined && NO_THREAD.includes(reason ?? '');
  if (state === 'failed' && !mayFail && !isThreadGone)
    yield `${name} has failed (${reason}), though its author could write`;
  if (state !== 'cancelled' && cancel === 'acknowledged') yield `${name} is ${state}, though it was cancelled`;
  if (state === 'cancelled' && cancel === 'no') yield `${name} is cancelled, and nobody asked for that`;
}
