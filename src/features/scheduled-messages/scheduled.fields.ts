import { Type } from '@sinclair/typebox';
import { Projection, field, timeField } from '../../database/index.js';
import { slowMode, validationError } from '../../shared/errors.js';
import { Id, Nullable, OpenText, Ref, Text, Time, kindOf } from '../../shared/schema.js';
import { MAX_CONTENTS, SEND_ERRORS, THREAD_ERRORS, sentMessageDeleted } from '../messages/index.js';
import { userSuspended } from '../users/index.js';

export const ScheduledState = Type.Unsafe<'waiting' | 'failed' | 'sent' | 'cancelled'>({
  $id: 'ScheduledState',
  type: 'string',
  enum: ['waiting', 'failed', 'sent', 'cancelled'],
  description:
    '`failed`: its time has come, and it was refused; `reason` says why. It stays until it is sent or cancelled.',
});

/** Codes that are never a reason: in slow mode it waits, or goes on to have failed, and one whose message is gone again was sent. */
const NO_FAILURE = [slowMode, sentMessageDeleted];
const REASONS = [...SEND_ERRORS, ...THREAD_ERRORS, userSuspended, validationError]
  .map(kindOf)
  .filter((kind) => !NO_FAILURE.includes(kind))
  .map(({ code }) => code);

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
      OpenText(REASONS, 'Why it has failed: the `code` of the error that a send would have got; otherwise null.'),
    ),
  ),
  field('sent_message_id', Nullable(Id('The message that it has become; null while it is none.'))),
] as const;

const projection = Projection.of(scheduledFields);

/** SQL for one as JSON, with what else it is sent with, each by its own name. */
export function scheduledJson(alias: string): string {
  return `(${projection.json(alias)}::jsonb || coalesce(${alias}.inputs, '{}'))::json`;
}
