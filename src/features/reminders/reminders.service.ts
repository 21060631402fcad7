import { commitOwnChange, lockUser, type Context } from '../../changes/index.js';
import { readTime } from '../../shared/read-time.js';
import { requireSeen } from '../messages/index.js';
import { requireUser } from '../sessions/index.js';
import { reminderDue, reminderUpdated } from './reminder.changes.js';
import { tooManyReminders } from './reminders.errors.js';
import {
  countReminders,
  findReminders,
  lockReminder,
  writeState,
  writeWaiting,
  type ClaimedReminder,
} from './reminders.queries.js';
import { MAX_REMINDERS, type Reminder, type ReminderList } from './reminders.schemas.js';

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function getReminders({ db }: Pick<Context, 'db'>, userId: number): Promise<ReminderList> {
  return db.inTurn(userId, async () => {
    const reminders = await findReminders(db, userId);
    if (reminders.length === 0) await requireUser(db, userId);
    return { reminders };
  });
}

/**
 * There is one for each message: another time takes the place of the one before. One that is past is due at once. The same time again changes nothing.
 * @throws NOT_AUTHORIZED when the user is gone; MESSAGE_DOES_NOT_EXIST for a message that they can't see; VALIDATION_ERROR for what is no
 *   time; TOO_MANY_REMINDERS.
 */
export async function setReminder(
  context: Context,
  userId: number,
  messageId: number,
  text: string,
): Promise<Reminder> {
  const remindAt = readTime('remind_at', text);
  const { chat_id: chatId } = await requireSeen(context, { userId, within: undefined }, messageId);
  await commitOwnChange(context, reminderUpdated, userId, {
    write: async (tx, next) => {
      await lockUser(tx, userId);
      const before = await lockReminder(tx, userId, messageId);
      if (before?.state === 'waiting' && before.remind_at.getTime() === remindAt.getTime()) return undefined;
      const isNew = before === undefined || before.state === 'ended';
      if (isNew && (await countReminders(tx, userId)) >= MAX_REMINDERS) throw tooManyReminders();
      return writeWaiting(tx, { userId, messageId, chatId }, remindAt, await next());
    },
    answer: () => Promise.resolve(),
  });
  return { message_id: messageId, chat_id: chatId, remind_at: remindAt.toISOString(), state: 'waiting' };
}

/** Also one that is due, and one of a message that the user can't see any more. Where there is none nothing happens. @throws NOT_AUTHORIZED. */
export async function endReminder(context: Context, userId: number, messageId: number): Promise<void> {
  await commitOwnChange(context, reminderUpdated, userId, {
    write: async (tx, next) => {
      await lockUser(tx, userId);
      const before = await lockReminder(tx, userId, messageId);
      if (!before || before.state === 'ended') return undefined;
      await writeState(tx, before.id, 'ended', await next());
      return Number(before.id);
    },
    answer: () => Promise.resolve(),
  });
}

/**
 * Reminds the user, once: only one of all processes finds it waiting. A user who cannot see the message any more is
 * not reminded of it.
 */
export async function remind(context: Context, { userId, messageId }: ClaimedReminder): Promise<void> {
  const message = await context.statements.message.find(userId, messageId);
  await commitOwnChange(context, message ? reminderDue : reminderUpdated, userId, {
    write: async (tx, next) => {
      const before = await lockReminder(tx, userId, messageId);
      // Meanwhile the user may have dismissed it, or chosen another time.
      if (before?.state !== 'waiting' || before.remind_at.getTime() > Date.now()) return undefined;
      await writeState(tx, before.id, message ? 'due' : 'ended', await next());
      return Number(before.id);
    },
    answer: () => Promise.resolve(),
  });
}
