import { commitChange, type Context } from '../../changes/index.js';
import type { MessageRow } from '../../database/index.js';
import { Repetition } from '../../shared/repetition.js';
import { removeVersionsOf } from '../message-versions/index.js';
import { withPause } from '../../shared/with-pause.js';
import { messageDeleted, messageUpdated, removeMessage } from '../messages/index.js';
import { participantRemoved, removeParticipant, tellOfRole, type RoleGiven } from '../participants/index.js';
import { passPinsOn } from '../pins/index.js';
import { blankForwardsOf } from '../forwards/index.js';
import { forgetVotesOf } from '../polls/index.js';
import { removeReactionsOf } from '../reactions/index.js';
import {
  blankEmptyGroup,
  blankEvents,
  blankParticipations,
  claimErasure,
  findGroups,
  findMessages,
  postponeErasure,
  removeErasure,
  type Erasure,
  type LeftMessage,
} from './leaving.queries.js';
import { nobodyId } from './nobody.js';

/** How often a process looks for what is due. */
const SWEEP_MS = 1000;
/** So long nobody else does a slice. It takes a second or so. */
const LEASE_MS = 30_000;
/** Requests that were under way when the user was erased may have left something: it is looked for once more. */
const SETTLE_MS = 60_000;

/** How many changes of chats a slice makes, each a transaction of its own. */
const CHANGES = 50;
/** How many rows it changes at once of which nobody is told. */
const ROWS = 500;

const FAILURE = 'could not go on with erasing a user; trying on';

/** Takes erased users out of their groups, and their messages out of their name. They take turns, slice by slice. */
export function erasureJob(context: Context): Repetition {
  const job = new Repetition(
    async () => {
      while (!job.isStopped) {
        const erasure = await claimErasure(context.db, LEASE_MS);
        if (!erasure) return;
        // One that fails must not keep the others waiting: it is due again after its lease.
        await goOn(context, erasure).catch((error: unknown) => {
          context.log.warn({ err: error, user_id: erasure.userId }, FAILURE);
        });
      }
    },
    { pauseMs: SWEEP_MS, log: context.log, failure: FAILURE },
  );
  return job;
}

async function goOn(context: Context, erasure: Erasure): Promise<void> {
  const { userId, ageMs } = erasure;
  if (await doSlice(context, erasure)) await postponeErasure(context.db, userId, 0);
  else if (ageMs < SETTLE_MS) await postponeErasure(context.db, userId, SETTLE_MS - ageMs);
  else await removeErasure(context.db, userId);
}

/** @returns whether there was anything to do. What has been done is not found again, so it may end anywhere. */
async function doSlice(context: Context, { userId, messages }: Erasure): Promise<boolean> {
  const { db } = context;
  const groups = await findGroups(db, userId, CHANGES);
  for (const chatId of groups) await withPause(() => leaveGroup(context, userId, chatId, messages === 'purge'));
  const participations = await blankParticipations(db, userId, ROWS);
  const versions = await removeVersionsOf(db, userId, ROWS);
  if (groups.length > 0 || participations > 0 || versions > 0) return true;
  if (await withPause(() => blankForwardsOf(context, userId, CHANGES))) return true;
  if (messages === 'keep') return false;
  if (await withPause(() => removeReactionsOf(context, userId, CHANGES))) return true;
  if (await withPause(() => forgetVotesOf(context, userId, CHANGES))) return true;
  const nobody = await nobodyId(db);
  if (await withPause(() => passPinsOn(context, userId, nobody, CHANGES))) return true;
  const left = await findMessages(db, userId, CHANGES);
  const change = messages === 'purge' ? purge : anonymise;
  for (const message of left) await withPause(() => change(context, message, { userId, nobody }));
  const withNames = messages === 'purge';
  const events = await blankEvents(db, userId, { nobodyId: nobody, withNames, limit: ROWS });
  return left.length > 0 || events > 0;
}

async function leaveGroup(context: Context, userId: number, chatId: number, isPurge: boolean): Promise<void> {
  let heir: RoleGiven | undefined;
  await commitChange(
    context,
    participantRemoved,
    { chatId, actorId: userId, byServer: true },
    {
      write: async (tx) => {
        const removal = await removeParticipant(tx, chatId, userId);
        if (!removal) return undefined;
        heir = removal.heir;
        if (isPurge) await blankEmptyGroup(tx, chatId);
        return { user_id: userId, ...(heir && { owner_id: heir.userId }) };
      },
      answer: () => Promise.resolve(),
    },
  );
  tellOfRole(context.live, heir);
}

interface Authors {
  readonly userId: number;
  readonly nobody: number;
}

function purge(context: Context, { id, chat_id }: LeftMessage, { userId, nobody }: Authors): Promise<void> {
  return commitChange(
    context,
    messageDeleted,
    { chatId: chat_id, actorId: nobody, byServer: true },
    {
      write: async (tx) => {
        const tombstone = await removeMessage(tx, { id, chat_id, author_id: userId });
        return tombstone && { ...tombstone, author_id: nobody, client_id: null };
      },
      answer: () => Promise.resolve(),
    },
  );
}

/** The message gets another author, which is a change of it, so that everybody who has it learns of it. */
function anonymise(context: Context, { id, chat_id }: LeftMessage, { userId, nobody }: Authors): Promise<void> {
  return commitChange(
    context,
    messageUpdated,
    { chatId: chat_id, actorId: nobody, byServer: true },
    {
      write: async (tx, pts) => {
        const [changed] = await tx.$queryRawUnsafe<{ message: MessageRow }[]>(
          `update public.message m set author_id = $1::int8, client_id = null, sent_digest = null, own_edit = null, pts = $2::int8
          where id = $3::int8 and author_id = $4::int8
          returning ${context.model.message.json('m')} as message`,
          nobody,
          pts,
          id,
          userId,
        );
        return changed?.message;
      },
      answer: () => Promise.resolve(),
    },
  );
}
