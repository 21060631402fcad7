import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { propertiesOf } from '../../database/index.js';
import { placePageFields } from '../../shared/place-pages.js';
import { Id, Nullable, Ref } from '../../shared/schema.js';
import { ClientId, OWN_RULES, newContents, type ContentRules } from '../messages/index.js';
import { ScheduledState, scheduledFields } from './scheduled.fields.js';

/** Of a user: those that wait or have failed. */
export const MAX_SCHEDULED = 100;
export const MIN_DELAY_SECONDS = 60;
const MAX_DELAY_DAYS = 365;
export const MAX_DELAY_SECONDS = MAX_DELAY_DAYS * 86_400;

const EXAMPLE_SCHEDULED = {
  ...{ id: 3, chat_id: 6, contents: 'Happy birthday!', reply_to_id: null },
  ...{ client_id: '0b7e6a52-4b0e-4d3b-9f6a-1c2e8d543f0c', send_at: '2026-12-10T08:00:00.000Z' },
  ...{ state: 'waiting' as const, reason: null, sent_message_id: null },
};

export const ScheduledMessage = Type.Object(propertiesOf(scheduledFields), {
  $id: 'ScheduledMessage',
  description: 'A message that its author has written and that is sent at a later time.',
  examples: [EXAMPLE_SCHEDULED],
});
export type ScheduledMessage = Static<typeof ScheduledMessage>;

const SendAt = Type.String({
  format: 'date-time',
  description: `When it is sent: ${MIN_DELAY_SECONDS} seconds to ${MAX_DELAY_DAYS} days from now.`,
});
const ReplyToId = Id('The message of the chat that it answers. One that is gone by then is shown as deleted.');

function scheduleMessageModel(rules: ContentRules) {
  return Type.Object(
    {
      contents: newContents(rules),
      send_at: SendAt,
      reply_to_id: Type.Optional(ReplyToId),
      client_id: Type.Optional({
        ...ClientId,
        description:
          'Your own name for it, such as a UUID: under the same one it is scheduled only once, and it is sent under that name.',
      }),
    },
    {
      $id: 'ScheduleMessage',
      additionalProperties: false,
      examples: [{ contents: EXAMPLE_SCHEDULED.contents, send_at: EXAMPLE_SCHEDULED.send_at }],
    },
  );
}

function changeScheduledModel(rules: ContentRules) {
  return Type.Object(
    {
      contents: Type.Optional(newContents(rules)),
      send_at: Type.Optional({
        ...SendAt,
        description: `${SendAt.description ?? ''} One that has failed waits again.`,
      }),
      reply_to_id: Type.Optional(Nullable(ReplyToId)),
    },
    {
      $id: 'ChangeScheduled',
      additionalProperties: false,
      minProperties: 1,
      examples: [{ send_at: EXAMPLE_SCHEDULED.send_at }],
    },
  );
}

export const ScheduleMessage = scheduleMessageModel(OWN_RULES);
export type ScheduleMessage = Static<typeof ScheduleMessage>;
export const ChangeScheduled = changeScheduledModel(OWN_RULES);
export type ChangeScheduled = Static<typeof ChangeScheduled>;

export const ScheduledList = Type.Object(
  {
    ...placePageFields('scheduled messages'),
    scheduled: Type.Array(Ref(ScheduledMessage), {
      description: 'Those that wait or have failed, in the order in which they were scheduled.',
    }),
  },
  {
    $id: 'ScheduledList',
    description: 'Some scheduled messages of the user.',
    examples: [{ next: '3', has_more: false, count: 1, scheduled: [EXAMPLE_SCHEDULED] }],
  },
);
export type ScheduledList = Static<typeof ScheduledList>;

export const ScheduledParams = Type.Object({ scheduled_id: Id('The scheduled message.', { examples: [3] }) });

export function scheduledModels(rules: ContentRules): TSchema[] {
  return [ScheduledState, ScheduledMessage, ScheduledList, scheduleMessageModel(rules), changeScheduledModel(rules)];
}
