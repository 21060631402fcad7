import type { ProfileRow } from '../../database/index.js';
import { Repetition } from '../../shared/repetition.js';
import type { Services } from '../feature.js';
import { USER_UPDATED } from './user.changes.js';

/** At most one event of a user in this time, however often their profile changes. */
const PAUSE_MS = 1000;
/** How many profiles are read at once. */
const SLICE = 100;

/**
 * Tells the users of this node of changes of the profiles of people with whom they share a chat. Each node reads them from
 * the database, so nothing gets lost with a process or a broker.
 */
export function profileFeed({ statements, realtime, log }: Services): Repetition {
  let told: number | undefined;

  const tell = async (changed: readonly ProfileRow[]) => {
    const chats = await statements.profiles.chatsOf(changed.map(({ id }) => id));
    for (const profile of changed) {
      const event = { type: USER_UPDATED.type, peoplePts: profile.version, data: profile };
      realtime.tellContacts(profile.id, chats.get(profile.id) ?? [], event);
    }
  };

  const feed = new Repetition(
    async () => {
      const last = await statements.profiles.last();
      // A backup that was restored may have fewer.
      if (told === undefined || told > last || realtime.isIdle) told = last;
      while (told < last && !feed.isStopped) {
        const changed = await statements.profiles.changedAfter(told, SLICE);
        if (changed.length === 0) return;
        await tell(changed);
        told = changed.at(-1)?.version ?? last;
      }
    },
    { pauseMs: PAUSE_MS, log, failure: 'could not read the changes of profiles; trying on' },
  );
  return feed;
}
