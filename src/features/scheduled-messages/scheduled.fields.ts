import { Type } from '@sinclair/typebox';
import { Projection, field, timeField } from '../../database/index.js';
import { Id, Nullable, OpenText, Ref, Text, Time } from '../../shared/schema.js';
import { MAX_CONTENTS } from '../messages/index.js';

export const ScheduledState = Type.Unsafe<'waiting' | 'failed' | 'sent' | 'cancelled'>({
  $id: 'ScheduledState',
  type: 'string',
  enum: ['waiting', 'failed', 'sent', 'cancelled'],
  description:
    '`failed`: its time has come, and it was refused; `reason` says why. It stays until it is sent or cancelled.',
});

export const scheduledFields = [
  field('id', Id()),
  field('chat_id', Id('Where it is sent.')),
  field(
    'contents',
    Text({ maxLength: MAX_CONTENTS, description: 'What is written; empty once it is sent or cancelled.' }),
  ),
  field('reply_to_id', Nullable(Id('The message that it answers; null: none.'))),
  field(
    'client_id',
    Text({
      maxLength: 64,
      description: 'The `client_id` under which it is sent: that of the request, or one that the server has made.',
    }),
  ),
  timeField('send_at', Time('When.')),
  field('state', Ref(ScheduledState)),
  field(
    'reason',
    Nullable(
      OpenText(
        [
          'CHAT_DOES_NOT_EXIST',
          'RIGHT_MISSING',
          'CHAT_FROZEN',
          'NOT_ACCEPTING_MESSAGES',
          'USER_SUSPENDED',
          'CLIENT_ID_TAKEN',
          'THREAD_DOES_NOT_EXIST',
          'THREAD_IN_THREAD',
        ],
        'Why it has failed: the `code` of the error that a send would have got; otherwise null.',
      ),
    ),
  ),
  field('sent_message_id', Nullable(Id('The message that it has become; null while it is none.'))),
] as const;

const projection = Projection.of(scheduledFields);

/** SQL for one as JSON, with what else it is sent with, each by its own name. */
export function scheduledJson(alias: string): string {
  return `(${projection.json(alias)}::jsonb || coalesce(${alias}.inputs, '{}'))::json`;
}
