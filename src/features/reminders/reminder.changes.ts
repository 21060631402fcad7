import { ownKind } from '../../changes/index.js';
import { Ref } from '../../shared/schema.js';
import { reminderProjection } from './reminders.fields.js';
import { Reminder } from './reminders.schemas.js';

/** A reminder is a state of one of two kinds: when it is due it stops being of the other. */
function reminderKind(type: string, description: string, condition: string) {
  return ownKind({
    type,
    description,
    data: Ref(Reminder),
    changed: (userId) => `select me_pts, id as key from public.reminder where user_id = ${userId} and ${condition}`,
    state: (userId, key) => `(
        select ${reminderProjection.json('reminder')} from public.reminder
        where reminder.id = ${key} and reminder.user_id = ${userId}
      )`,
  });
}

export const reminderUpdated = reminderKind(
  'reminder.updated',
  'The user wants to be reminded of a message, at another time, or not any more.',
  "state <> 'due'",
);

export const reminderDue = reminderKind(
  'reminder.due',
  'The time of a reminder has come. It stays due until the user dismisses it on any device.',
  "state = 'due'",
);
