import { Type } from '@sinclair/typebox';
import { Projection, field, timeField, usuallyNull, withOwnEdit } from '../../database/index.js';
import { Id, Position, Text, Time } from '../../shared/schema.js';

/** As many characters as an operator may allow; the database keeps no more. */
export const MAX_CONTENTS = 20_000;

export const ClientId = Text({
  minLength: 1,
  maxLength: 64,
  description: 'Your own name for this request, such as a UUID: under the same one it is carried out only once.',
});

const timeOf = (name: string) => withOwnEdit(name, (edit) => `(${edit} ->> '${name}')::timestamptz`);

/** A message as everyone in its chat sees it. Page, sync, send, chat list, edit and events have these, and those of other features. */
export const messageFields = [
  field('id', Id('Ascends within a chat in the order in which the messages were sent.')),
  timeField('created_at', Time('When it was sent.')),
  timeField('updated_at', Time('When it last changed.'), {
    sameAs: 'created_at',
    ...timeOf('updated_at'),
  }),
  field('contents', Text({ minLength: 1, maxLength: MAX_CONTENTS, description: 'What has been written.' }), {
    ...withOwnEdit('contents', (edit) => `${edit} ->> 'contents'`),
  }),
  field('author_id', Id('The user who sent it.')),
  field('client_id', ClientId, { optional: true }),
  timeField('edited_at', Time('When its contents last changed; not there while they are as they were sent.'), {
    optional: true,
    // An edit in the shadow may change all that is mostly null.
    usual: { sql: (message) => `${message}.edited_at is null and ${message}.own_edit is null`, value: null },
    ...timeOf('edited_at'),
  }),
  field(
    'version',
    Position('Ascends with each change of the message: of two states, the one with the greater version is newer.'),
    {
      sql: (message) => `${message}.pts`,
    },
  ),
  field('silent', Type.Boolean({ description: 'true: it is unread for nobody.' }), {
    ...{ optional: true, input: 'bool', isByServer: true, usual: usuallyNull('silent') },
  }),
  field('via_key_id', Id('The API key by which it was sent in the name of its author.'), {
    ...{ optional: true, input: 'int8', isByServer: true, usual: usuallyNull('via_key_id') },
  }),
] as const;

/** With the fields of this feature alone. */
export const messageProjection = Projection.of(messageFields);
