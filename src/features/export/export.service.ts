import type { Context } from '../../changes/index.js';
import {
  readBlocks,
  readChats,
  readMembers,
  readMessageIds,
  readMessages,
  readOwn,
  readUserLine,
  type OwnKind,
} from './export.queries.js';

/** Changes with what lines there are, and what they have. */
const FORMAT = 1;
/** How many rows are read at once. */
const SLICE = 500;
/** Of messages, each of which has some kilobytes. */
const MESSAGES = 200;

interface Line {
  readonly place: bigint;
  readonly line: string;
}

type ReadSlice = (slice: { readonly after: bigint; readonly limit: number }) => Promise<Line[]>;

/**
 * Everything about the user as lines of JSON, a slice at a time, each read when the one before it has been taken. The last line
 * says that it is whole.
 * @param isCutOff whether the user may not go on reading; then it ends without that line.
 */
export async function* exportOf(
  { db, model }: Context,
  userId: number,
  isCutOff: () => boolean,
): AsyncGenerator<string, void> {
  const counts = {
    user: 1,
    session: 0,
    block: 0,
    mute: 0,
    chat: 0,
    member: 0,
    message: 0,
    reaction: 0,
    pin: 0,
    vote: 0,
    scheduled: 0,
    thread: 0,
  };
  const inTurn = <T>(read: () => Promise<T>) => db.inTurn(userId, read);

  async function* all(kind: keyof typeof counts, read: ReadSlice): AsyncGenerator<string, void> {
    for await (const lines of slices(read)) {
      counts[kind] += lines.length;
      yield linesOf(lines);
    }
  }

  const own = (kind: OwnKind) => all(kind, (slice) => readOwn(db, kind, userId, slice));

  async function* slices(read: ReadSlice): AsyncGenerator<Line[], void> {
    let after = 0n;
    while (!isCutOff()) {
      const lines = await inTurn(() => read({ after, limit: SLICE }));
      if (lines.length > 0) yield lines;
      if (lines.length < SLICE) return;
      after = lines.at(-1)?.place ?? after;
    }
  }

  const exported_at = new Date().toISOString();
  yield textOf([JSON.stringify({ type: 'manifest', format: FORMAT, user_id: userId, exported_at })]);
  const user = await inTurn(() => readUserLine(db, userId));
  if (user === undefined) return;
  yield textOf([user]);
  yield* own('session');
  yield* all('block', (slice) => readBlocks(db, userId, slice));
  yield* own('mute');
  for await (const chats of slices((slice) => readChats(db, userId, slice))) {
    for (const chat of chats) {
      counts.chat++;
      yield linesOf([chat]);
      yield* all('member', (slice) => readMembers(db, userId, chat.place, slice));
    }
  }
  const ids = await inTurn(() => readMessageIds(db, userId));
  for (let start = 0; start < ids.length && !isCutOff(); start += MESSAGES) {
    const lines = await inTurn(() => readMessages(db, model, userId, ids.subarray(start, start + MESSAGES)));
    counts.message += lines.length;
    if (lines.length > 0) yield linesOf(lines);
  }
  for (const kind of ['reaction', 'pin', 'vote', 'scheduled', 'thread'] as const) yield* own(kind);
  if (!isCutOff()) yield textOf([JSON.stringify({ type: 'end', counts })]);
}

function linesOf(lines: readonly Line[]): string {
  return textOf(lines.map(({ line }) => line));
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
