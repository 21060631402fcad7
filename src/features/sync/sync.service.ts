import type { Database, SyncRow } from '../../database/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { FairQueue } from '../../shared/fair-queue.js';
import type { Logger } from '../../shared/logger.js';
import type { Sync, SyncRequest } from './sync.schemas.js';

const NOTHING_READ = 0;

/**
 * When a server ends, its clients come back to another at once: they wait here, and not with those who send. Users take
 * turns, one sync each: what a user asks for again and again holds up only themselves.
 */
const queue = new FairQueue({ concurrency: 8, perOwner: 1, waitingPerOwner: 20, waiting: 20_000 });

/**
 * What the user does not have yet, read in one snapshot.
 * @throws NOT_AUTHORIZED when the user is gone; VALIDATION_ERROR for an id that no chat can have; TOO_MANY_REQUESTS when
 *   too many syncs of the user wait.
 */
export function sync(db: Database, log: Logger, userId: number, request: SyncRequest): Promise<Sync> {
  return queue.run(userId, async () => {
    const answer = await read(db, userId, request);
    if (answer.chats.some(({ chat_id, pts }) => pts < (request.chats[chat_id] ?? 0))) warnOfRestoredBackup(log);
    return answer;
  });
}

/** Where it has been said already. */
const warned = new WeakSet<Logger>();

/** Once: any client can claim any number, and must not fill the log. For the same reason the epoch stays as it is. */
function warnOfRestoredBackup(log: Logger): void {
  if (warned.has(log)) return;
  warned.add(log);
  log.warn('a client has more changes of a chat than the database; after restoring a backup run: npm run epoch:rotate');
}

async function read(db: Database, userId: number, { epoch, chats, reads }: SyncRequest): Promise<Sync> {
  const known = Object.entries(chats).map(([id, pts]) => {
    return { chatId: toChatId(id), pts, readId: reads && (reads[id] ?? NOTHING_READ) };
  });
  const rows = await db.chat.sync(userId, { epoch, chats: known });
  if (!rows) throw notAuthorized();
  const answer: Sync = { epoch: '', has_more: false, joined: [], left: [], chats: [] };
  for (const row of rows) add(answer, row);
  return answer;
}

/** Beyond 2^53 a number would be that of another chat. */
function toChatId(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id)) throw validationError({ errors: { chats: 'must have ids of chats as names' } });
  return id;
}

function add(answer: Sync, { kind, body }: SyncRow): void {
  switch (kind) {
    case 'epoch':
      answer.epoch = body;
      break;
    case 'more':
      answer.has_more = true;
      break;
    case 'joined':
      answer.joined.push(body);
      break;
    case 'left':
      answer.left = body;
      break;
    case 'chat':
      answer.chats.push(body);
  }
}
