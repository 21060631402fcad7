import { Type, type Static } from '@sinclair/typebox';
import { propertiesOf } from '../../database/index.js';
import { Ref } from '../../shared/schema.js';
import { reminderFields } from './reminders.fields.js';

/** Of a user. */
export const MAX_REMINDERS = 100;

const EXAMPLE_REMINDER = {
  ...{ message_id: 8, chat_id: 6, remind_at: '2026-11-24T08:00:00.000Z' },
  state: 'waiting' as const,
};

export const Reminder = Type.Object(propertiesOf(reminderFields), {
  $id: 'Reminder',
  description: 'That the user wants to be reminded of a message.',
  examples: [EXAMPLE_REMINDER],
});
export type Reminder = Static<typeof Reminder>;

export const SetReminder = Type.Object(
  {
    remind_at: Type.String({ format: 'date-time', description: 'When. A time that is past is now.' }),
  },
  { $id: 'SetReminder', additionalProperties: false, examples: [{ remind_at: EXAMPLE_REMINDER.remind_at }] },
);

export const ReminderList = Type.Object(
  { reminders: Type.Array(Ref(Reminder), { description: 'Those that wait or are due, in the order of their times.' }) },
  { $id: 'ReminderList', description: 'The reminders of the user.', examples: [{ reminders: [EXAMPLE_REMINDER] }] },
);
export type ReminderList = Static<typeof ReminderList>;
