import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { propertiesOf } from '../../database/index.js';
import { placePageFields } from '../../shared/place-pages.js';
import { Id, Nullable, Ref } from '../../shared/schema.js';
import {
  ClientId,
  OWN_RULES,
  inputSchemas,
  newContents,
  optional,
  type ContentRules,
  type MessageParts,
} from '../messages/index.js';
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

/** What else a send takes, by name: what the message answers is a field of its own. */
function otherInputs(parts: MessageParts): Record<string, TSchema> {
  return Object.fromEntries(Object.entries(inputSchemas(parts)).filter(([name]) => name !== 'reply_to_id'));
}

function scheduledMessageModel(parts: MessageParts) {
  return Type.Object(
    { ...propertiesOf(scheduledFields), ...optional(otherInputs(parts)) },
    {
      $id: 'ScheduledMessage',
      description:
        'A message that its author has written and that is sent at a later time. It has what it was given beyond its contents, ' +
        'such as `mentions`, until it is sent or cancelled.',
      examples: [EXAMPLE_SCHEDULED],
    },
  );
}

const SendAt = Type.String({
  format: 'date-time',
  description: `When it is sent: ${MIN_DELAY_SECONDS} seconds to ${MAX_DELAY_DAYS} days from now.`,
});
const ReplyToId = Id('The message of the chat that it answers. One that is gone by then is shown as deleted.');

function scheduleMessageModel(parts: MessageParts, rules: ContentRules) {
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
      ...optional(otherInputs(parts)),
    },
    {
      $id: 'ScheduleMessage',
      additionalProperties: false,
      examples: [{ contents: EXAMPLE_SCHEDULED.contents, send_at: EXAMPLE_SCHEDULED.send_at }],
    },
  );
}

function replacement(schema: TSchema): TSchema {
  const described = { description: 'In place of what it had; null: nothing.' };
  return schema.$ref === undefined
    ? Nullable({ ...schema, ...described })
    : Type.Union([schema, Type.Null()], described);
}

function changeScheduledModel(parts: MessageParts, rules: ContentRules) {
  const inputs = Object.entries(otherInputs(parts)).map(([name, schema]) => [name, replacement(schema)] as const);
  return Type.Object(
    {
      contents: Type.Optional(newContents(rules)),
      send_at: Type.Optional({
        ...SendAt,
        description: `${SendAt.description ?? ''} One that has failed waits again.`,
      }),
      reply_to_id: Type.Optional(Nullable(ReplyToId)),
      ...optional(Object.fromEntries(inputs)),
    },
    {
      $id: 'ChangeScheduled',
      additionalProperties: false,
      minProperties: 1,
      examples: [{ send_at: EXAMPLE_SCHEDULED.send_at }],
    },
  );
}

/** As the code knows them; the models that are registered have what all features give. */
const ownParts = { messageFields: [], messageInputs: [] };
export const ScheduledMessage = scheduledMessageModel(ownParts);
export type ScheduledMessage = Static<typeof ScheduledMessage>;
export const ScheduleMessage = scheduleMessageModel(ownParts, OWN_RULES);
export type ScheduleMessage = Static<typeof ScheduleMessage>;
export const ChangeScheduled = changeScheduledModel(ownParts, OWN_RULES);
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

export function scheduledModels(parts: MessageParts, rules: ContentRules): TSchema[] {
  const inputs = [scheduleMessageModel(parts, rules), changeScheduledModel(parts, rules)];
  return [ScheduledState, scheduledMessageModel(parts), ScheduledList, ...inputs];
}
