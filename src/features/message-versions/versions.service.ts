import { requireRight } from '../../changes/index.js';
import { Repetition } from '../../shared/repetition.js';
import type { Services } from '../feature.js';
import { fittingContents, requireSeen, type Asker } from '../messages/index.js';
import { readVersions, removeOldVersions } from './versions.queries.js';
import type { MessageVersionPage, VersionPageQuery } from './versions.schemas.js';

const SWEEP_MS = 60_000;
/** How many are removed at once. */
const SLICE = 1000;

/**
 * How a message read before.
 * @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST: see getMessage; RIGHT_MISSING to whom they are not shown.
 */
export async function getVersions(
  services: Services,
  asker: Asker,
  messageId: number,
  { cursor: before, limit }: VersionPageQuery,
): Promise<MessageVersionPage> {
  const { db, config } = services;
  const { days, isForEveryone } = config.messages.editHistory;
  const { chat_id: chatId, author_id: authorId } = await requireSeen(services, asker, messageId);
  const found = await db.inTurn(asker.userId, async () => {
    if (!isForEveryone && authorId !== asker.userId) await requireRight(db, chatId, asker.userId, 'delete_any');
    // One more than the page has: it tells whether there is another page.
    return readVersions(db, messageId, { before, limit: limit + 1, days, isAuthor: authorId === asker.userId });
  });
  const versions = found.slice(0, fittingContents(found, limit));
  const has_more = found.length > versions.length;
  return { next: has_more ? (versions.at(-1)?.version ?? null) : null, has_more, count: versions.length, versions };
}

/** Removes versions that have been kept long enough. */
export function versionSweep({ db, log, config }: Pick<Services, 'db' | 'log' | 'config'>): Repetition {
  const sweep = new Repetition(
    async () => {
      for (let removed = SLICE; removed === SLICE && !sweep.isStopped;) {
        removed = await removeOldVersions(db, config.messages.editHistory.days, SLICE);
      }
    },
    { pauseMs: SWEEP_MS, log, failure: 'could not remove old versions of messages; trying on' },
  );
  return sweep;
}
