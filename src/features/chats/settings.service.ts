import { chatDoesNotExist, commitOwnChange, type Context } from '../../changes/index.js';
import { toJsonColumn, type Transaction } from '../../database/index.js';
import { isSameCustomData, patchCustomData, type CustomData } from '../../shared/custom-data.js';
import { readTime } from '../../shared/read-time.js';
import { chatSettings } from './chat.changes.js';
import { readSettings } from './chats.queries.js';
import type { ChangeChatSettings, ChatSettings } from './chats.schemas.js';
import { getChat } from './chats.service.js';

/** What a participation has of settings. */
interface Settings {
  readonly muted_until: Date | null;
  readonly pinned_at: Date | null;
  readonly archived_at: Date | null;
  readonly private: CustomData | null;
  /** null: as in all chats. */
  readonly notifications: Exclude<ChatSettings['notifications'], 'default'> | null;
}

/** Settings that are there already change nothing. @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST. */
export async function changeSettings(
  context: Context,
  userId: number,
  chatId: number,
  wanted: ChangeChatSettings,
): Promise<ChatSettings> {
  const caller = { takesPart: false };
  const answer = await commitOwnChange(context, chatSettings, userId, {
    write: async (tx, next) => {
      const before = await lockParticipation(tx, userId, chatId);
      if (!before) return undefined;
      caller.takesPart = true;
      const settings = merge(before, wanted);
      if (isSame(before, settings)) return undefined;
      const where = { chat_id_user_id: { chat_id: BigInt(chatId), user_id: BigInt(userId) } };
      const data = { ...settings, private: toJsonColumn(settings.private), settings_me_pts: await next() };
      await tx.chatParticipant.update({
        where,
        data,
        select: { chat_id: true },
      });
      return chatId;
    },
    answer: (tx) => readSettings(tx, userId, chatId),
  });
  if (!caller.takesPart || !answer) {
    // Nothing was kept. Says whether the user is gone, or only not in the chat.
    await getChat(context, userId, chatId, { participants: 0 });
    throw chatDoesNotExist();
  }
  return answer;
}

async function lockParticipation(tx: Transaction, userId: number, chatId: number): Promise<Settings | undefined> {
  const [row] = await tx.$queryRaw<Settings[]>`
    select muted_until, pinned_at, archived_at, private, notifications from public.chat_participant
    where chat_id = ${chatId} and user_id = ${userId}
      and exists (select from public."user" where id = ${userId} and erased_at is null)
    for no key update`;
  return row;
}

function merge(before: Settings, wanted: ChangeChatSettings): Settings {
  const { muted_until, pinned, archived, private: patch, notifications = before.notifications } = wanted;
  return {
    muted_until: muted_until === undefined ? before.muted_until : readMutedUntil(muted_until),
    pinned_at: since(before.pinned_at, pinned),
    archived_at: since(before.archived_at, archived),
    private: patchCustomData('private', before.private, patch),
    notifications: notifications === 'default' ? null : notifications,
  };
}

function readMutedUntil(text: string | null): Date | null {
  return text === null ? null : readTime('muted_until', text);
}

/** Since when something is so: from now, if it was not before. */
function since(before: Date | null, wanted: boolean | undefined): Date | null {
  if (wanted === undefined) return before;
  return wanted ? (before ?? new Date()) : null;
}

function isSame(one: Settings, other: Settings): boolean {
  return (
    one.muted_until?.getTime() === other.muted_until?.getTime() &&
    (one.pinned_at === null) === (other.pinned_at === null) &&
    (one.archived_at === null) === (other.archived_at === null) &&
    one.notifications === other.notifications &&
    isSameCustomData(one.private, other.private)
  );
}
