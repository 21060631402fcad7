import type { Feature } from '../feature.js';
import { reminderDue, reminderUpdated } from './reminder.changes.js';
import { ReminderState } from './reminders.fields.js';
import { reminderRoutes } from './reminders.routes.js';
import { Reminder, ReminderList, SetReminder } from './reminders.schemas.js';

export const reminders: Feature = {
  name: 'reminders',
  models: [ReminderState, Reminder, ReminderList, SetReminder],
  changes: [reminderUpdated, reminderDue],
  routes: reminderRoutes,
};
