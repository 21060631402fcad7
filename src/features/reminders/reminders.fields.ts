import { Projection, field, timeField } from '../../database/index.js';
import { Id, Ref, Time } from '../../shared/schema.js';
import { Type } from '@sinclair/typebox';

export const ReminderState = Type.Unsafe<'waiting' | 'due' | 'ended'>({
  $id: 'ReminderState',
  type: 'string',
  enum: ['waiting', 'due', 'ended'],
  description:
    '`due`: its time has come. `ended`: the user has dismissed it, or the message could not be seen any more when it was due.',
});

export const reminderFields = [
  field('message_id', Id('The message.')),
  field('chat_id', Id('The chat of the message.')),
  timeField('remind_at', Time('When.')),
  field('state', Ref(ReminderState)),
] as const;

export const reminderProjection = Projection.of(reminderFields);
