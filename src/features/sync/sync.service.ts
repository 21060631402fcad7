import type { ChangeKind, ReadPeople, StoredChange } from '../../changes/index.js';
import type { SyncRow, SyncedChatRow } from '../../database/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { FairQueue } from '../../shared/fair-queue.js';
import type { Logger } from '../../shared/logger.js';
import { syncChanges } from '../../shared/metrics.js';
import { getBadge } from '../badge/index.js';
import type { Services } from '../feature.js';
import type { Sync, SyncRequest } from './sync.schemas.js';

const NOTHING_READ = 0;

type SyncServices = Pick<Services, 'statements' | 'registry' | 'log'>;

/**
 * When a server ends, its clients come back to another at once: their syncs wait here, apart from sends. Users take
 * turns, one sync each: what a user asks for again and again holds up only themselves.
 */
const queue = new FairQueue({ name: 'syncs', concurrency: 8, perOwner: 1, waitingPerOwner: 20, waiting: 20_000 });

/**
 * What the user does not have yet, read in one snapshot.
 * @param within the chats that a token is narrowed to: the user is as if they took part in no other. undefined: in all.
 * @throws NOT_AUTHORIZED when the user is gone; VALIDATION_ERROR for an id that no chat can have; TOO_MANY_REQUESTS when
 *   too many syncs of the user wait.
 */
export function sync(
  services: SyncServices,
  userId: number,
  request: SyncRequest,
  within: ReadonlySet<number> | undefined,
): Promise<Sync> {
  return queue.run(userId, async () => {
    const answer = await read(services, userId, request, within);
    syncChanges.observe(answer.chats.reduce((sum, { changes }) => sum + changes.length, 0));
    if (answer.chats.some(({ chat_id, pts }) => pts < (request.chats[chat_id] ?? 0)))
      warnOfRestoredBackup(services.log);
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

async function read(
  { statements, registry }: SyncServices,
  userId: number,
  { epoch, chats, reads, me_pts, people_pts: peoplePts, badge }: SyncRequest,
  within: ReadonlySet<number> | undefined,
): Promise<Sync> {
  const known = Object.entries(chats).map(([id, pts]) => {
    return { chatId: toChatId(id), pts, readId: reads && (reads[id] ?? NOTHING_READ) };
  });
  // The own log is of all chats, and its numbers are dense: a part of it would be of no use.
  const mePts = within ? undefined : me_pts;
  const rows = await statements.user.sync(userId, { epoch, chats: known, mePts, peoplePts }, within);
  if (!rows) throw notAuthorized();
  const answer: Sync = { epoch: '', has_more: false, joined: [], left: [], chats: [] };
  const synced: SyncedChatRow[] = [];
  for (const row of rows) {
    if (row.kind === 'chat') synced.push(row.body);
    else add(answer, row);
  }
  const readPeople: ReadPeople = (ids) => statements.user.people(userId, ids);
  answer.chats = await presentAll(readPeople, registry.kinds, synced);
  if (badge) answer.badge = await getBadge({ statements }, userId, within);
  return answer;
}

type Change = SyncedChatRow['changes'][number];

/** Presents what is stored of the changes, one query a kind. */
async function presentAll(
  readPeople: ReadPeople,
  kinds: readonly ChangeKind[],
  chats: readonly SyncedChatRow[],
): Promise<Sync['chats']> {
  const stored = storedByType(chats);
  const presented = new Map<Change, object>();
  for (const kind of kinds) {
    if (kind.keeps !== 'event') continue;
    const changes = stored.get(kind.type);
    if (!changes) continue;
    const data = (await kind.present(readPeople, [...changes.values()])) as object[];
    for (const [index, change] of [...changes.keys()].entries()) presented.set(change, data[index] ?? {});
  }
  return chats.map((chat) => {
    const changes = chat.changes.map((change) => {
      const { type, pts, actor_id, data } = change;
      // Of a kind that only a newer version has, this one knows no more than type and number.
      const shown = actor_id === null ? data : presented.get(change);
      return { type, pts, ...(shown && { data: shown }) };
    });
    return { ...(chat.shown as Sync['chats'][number]), changes };
  });
}

/** The changes that are rows of a log, as they are presented. */
function storedByType(chats: readonly SyncedChatRow[]): Map<string, Map<Change, StoredChange<object>>> {
  const byType = new Map<string, Map<Change, StoredChange<object>>>();
  for (const { shown, participant_count: participantCount, changes } of chats) {
    for (const change of changes) {
      const { type, pts, actor_id: actorId, data } = change;
      if (actorId === null) continue;
      const ofType = byType.get(type) ?? new Map<Change, StoredChange<object>>();
      byType.set(type, ofType.set(change, { chatId: shown.chat_id, pts, actorId, data, participantCount }));
    }
  }
  return byType;
}

/** Beyond 2^53 a number would be that of another chat. */
function toChatId(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id)) throw validationError({ errors: { chats: 'must have ids of chats as names' } });
  return id;
}

function add(answer: Sync, { kind, body }: Exclude<SyncRow, { readonly kind: 'chat' }>): void {
  switch (kind) {
    case 'epoch':
      answer.epoch = body;
      break;
    case 'more':
      answer.has_more = true;
      break;
    case 'joined':
      answer.joined.push(body as Sync['joined'][number]);
      break;
    case 'left':
      answer.left = body;
      break;
    case 'me':
      answer.me = body as NonNullable<Sync['me']>;
      break;
    case 'people':
      answer.people = body as unknown as NonNullable<Sync['people']>;
  }
}
