import pLimit from 'p-limit';
import type { Database, SyncRow } from '../../database/index.js';
import { notAuthorized } from '../../shared/errors.js';
import type { Logger } from '../../shared/logger.js';
import type { Sync, SyncRequest } from './sync.schemas.js';

const NOTHING_READ = 0;

/** When a server ends, its clients come back to another at once: they wait here, and not with those who send. */
const AT_ONCE = 8;

const queue = pLimit(AT_ONCE);

/** What the user does not have yet, read in one snapshot. @throws NOT_AUTHORIZED when the user is gone. */
export function sync(db: Database, log: Logger, userId: number, request: SyncRequest): Promise<Sync> {
  return queue(async () => {
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
    return { chatId: Number(id), pts, readId: reads && (reads[id] ?? NOTHING_READ) };
  });
  const rows = await db.chat.sync(userId, { epoch, chats: known });
  if (!rows) throw notAuthorized();
  const answer: Sync = { epoch: '', has_more: false, joined: [], left: [], chats: [] };
  for (const row of rows) add(answer, row);
  return answer;
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
      answer.left.push(body);
      break;
    case 'chat':
      answer.chats.push(body);
  }
}
