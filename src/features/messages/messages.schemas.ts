import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { propertiesOf, type Field } from '../../database/index.js';
import { Id, Nullable, Position, Pts, Ref, SmallInteger, WithDefault, Words } from '../../shared/schema.js';
import type { MessageRules, Registry } from '../feature.js';
import { ADA, ShortUser } from '../users/index.js';
import { ClientId, MAX_CONTENTS, messageFields } from './message.fields.js';

/** What an operator says of contents. */
export type ContentRules = Pick<MessageRules, 'maxLength'>;

/** Contents that somebody writes. */
export function newContents({ maxLength }: ContentRules) {
  return Words({
    minLength: 1,
    maxLength,
    description: 'What is written; not only spaces or characters that show nothing.',
  });
}

/** Of a character that is escaped twice, as an emoji may be in JSON: `\\ud83d\\ude42`. */
const ESCAPED_BYTES = 12;
/** As of other requests: 2,047 characters fit, however they are written, and all else that is given with them. */
const USUAL_LIMIT = { length: 2047, bytes: 32 * 1024 };

/** In bytes, of a request that gives contents. */
export function contentsBodyLimit({ maxLength }: ContentRules): number {
  return USUAL_LIMIT.bytes + ESCAPED_BYTES * Math.max(0, maxLength - USUAL_LIMIT.length);
}

const DraftRevision = Id(
  'The `draft_revision` of the draft of which the message is made: that draft goes. One that has changed since stays.',
);

const EXAMPLE_CLIENT_ID = '0b7e6a52-4b0e-4d3b-9f6a-1c2e8d543f0c';

export const EXAMPLE_MESSAGE = {
  id: 8,
  created_at: '2026-11-23T09:12:00.000Z',
  updated_at: '2026-11-23T09:12:00.000Z',
  contents: 'hello',
  author_id: 5,
  version: 42,
};

/** @param fields those of all features. */
function messageModel<Fields extends readonly Field[]>(fields: Fields) {
  return Type.Object(propertiesOf(fields), {
    $id: 'Message',
    description: 'A message of a chat.',
    examples: [EXAMPLE_MESSAGE],
  });
}

function sentMessageModel<Fields extends readonly Field[]>(fields: Fields) {
  const own = {
    pts: Pts('The change of the chat by which the message is as it is.'),
    deduplicated: Type.Optional(
      Type.Boolean({
        description:
          'true: it had been sent, or edited, before under this `client_id`; this is that message. Otherwise it is not there.',
      }),
    ),
  };
  return Type.Object(
    { ...propertiesOf(fields), ...own },
    {
      $id: 'SentMessage',
      description: 'A message, as its author has just left it.',
      examples: [{ ...EXAMPLE_MESSAGE, client_id: EXAMPLE_CLIENT_ID, pts: 42 }],
    },
  );
}

/** What all features have that is about messages. */
export type MessageParts = Pick<Registry, 'messageFields' | 'messageInputs'>;

/** What an author may give with a message beyond its contents: of all features, by name. */
export function inputSchemas({ messageFields, messageInputs }: MessageParts): Readonly<Record<string, TSchema>> {
  const ofAuthors = messageFields.filter(({ input, isByServer }) => input !== undefined && !isByServer);
  return Object.fromEntries([...ofAuthors, ...messageInputs].map(({ name, schema }) => [name, schema]));
}

/** The properties of a schema, each of which may be left out. */
export function optional(schemas: Readonly<Record<string, TSchema>>): object {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, Type.Optional(schema)]));
}

export function sendMessageModel(parts: MessageParts, rules: ContentRules) {
  return Type.Object(
    {
      ...{
        contents: newContents(rules),
        client_id: Type.Optional(ClientId),
        draft_revision: Type.Optional(DraftRevision),
      },
      ...optional(inputSchemas(parts)),
    },
    {
      $id: 'SendMessage',
      additionalProperties: false,
      examples: [{ contents: 'hello', client_id: EXAMPLE_CLIENT_ID }],
    },
  );
}

/** The same of the host application. */
function sendAsHostModel(parts: MessageParts, rules: ContentRules) {
  const silent = Type.Boolean({
    description: 'true: it is unread for nobody, such as a line about what has happened.',
  });
  return Type.Object(
    { ...sendMessageModel(parts, rules).properties, silent: Type.Optional(silent) },
    {
      $id: 'SendAsHost',
      additionalProperties: false,
      examples: [{ contents: 'Your parcel is on its way.', silent: true }],
    },
  );
}

/** With the fields of this feature alone: they are what its code knows of. The models that are registered have all. */
export const Message = messageModel(messageFields);
export type Message = Static<typeof Message>;
export const SentMessage = sentMessageModel(messageFields);
export type SentMessage = Static<typeof SentMessage>;
const ownParts = { messageFields, messageInputs: [] };
/** As the code knows what is written; the models that are registered are as the operator says. */
export const OWN_RULES: ContentRules = { maxLength: MAX_CONTENTS };
export const SendMessage = sendMessageModel(ownParts, OWN_RULES);
export type SendMessage = Static<typeof SendMessage>;
export const SendAsHost = sendAsHostModel(ownParts, OWN_RULES);
export type SendAsHost = Static<typeof SendAsHost>;

const IfVersion = Position('Change nothing unless the message has this `version`.');

function changeMessageModel({ messageInputs }: Pick<MessageParts, 'messageInputs'>, rules: ContentRules) {
  const inputs = messageInputs.flatMap(({ name, editSchema }) => (editSchema ? [[name, editSchema] as const] : []));
  return Type.Object(
    {
      contents: newContents(rules),
      client_id: Type.Optional({
        ...ClientId,
        description:
          'Your own name for this edit, such as a UUID: as long as it is the last one, a repeat is answered as it was.',
      }),
      if_version: Type.Optional(IfVersion),
      ...optional(Object.fromEntries(inputs)),
    },
    {
      $id: 'ChangeMessage',
      additionalProperties: false,
      examples: [{ contents: 'hello there', client_id: EXAMPLE_CLIENT_ID, if_version: 42 }],
    },
  );
}
export const ChangeMessage = changeMessageModel(ownParts, OWN_RULES);
export type ChangeMessage = Static<typeof ChangeMessage>;

export const DeleteMessageQuery = Type.Object({ if_version: Type.Optional({ ...IfVersion, examples: [42] }) });

/** The same of a message that is asked for by its id alone. @param fields those of all features. */
function foundMessageModel<Fields extends readonly Field[]>(fields: Fields) {
  return Type.Object(
    { ...propertiesOf(fields), chat_id: Id('The chat that it is in.'), author: Ref(ShortUser) },
    {
      $id: 'FoundMessage',
      description: 'A message, its chat and its author.',
      examples: [{ ...EXAMPLE_MESSAGE, chat_id: 6, author: ADA }],
    },
  );
}
export const FoundMessage = foundMessageModel(messageFields);
export type FoundMessage = Static<typeof FoundMessage>;

/** What is left of a message that was deleted. */
export const MessageDeletion = Type.Object(
  { id: Id('The message.') },
  { $id: 'MessageDeletion', description: 'Which message is gone.', examples: [{ id: 4 }] },
);

export const MessageParams = Type.Object({ message_id: Id('The message.', { examples: [8] }) });

const MessageOrder = Type.Unsafe<'asc' | 'desc'>({
  $id: 'MessageOrder',
  type: 'string',
  enum: ['asc', 'desc'],
  default: 'asc',
  description: '`asc`: the oldest first. `desc`: the newest first.',
});

const PagedThreads = Type.Unsafe<'included' | 'apart'>({
  $id: 'PagedThreads',
  type: 'string',
  enum: ['included', 'apart'],
  default: 'included',
  description: '`included`: all messages. `apart`: without those in threads.',
});

/** What every page of messages asks. */
export const MessagePageQuery = Type.Object({
  cursor: Type.Optional(
    Id('Exclusive: only messages after this one, or before it with `order=desc`.', { examples: [7] }),
  ),
  limit: WithDefault(
    SmallInteger({
      minimum: 1,
      maximum: 100,
      default: 50,
      description: 'How many messages, at the most. Of very long ones a page has fewer.',
      examples: [50],
    }),
  ),
  order: WithDefault(
    // Beside a bare reference the API's description would have no room for the rest.
    Type.Unsafe<'asc' | 'desc'>({
      allOf: [Ref(MessageOrder)],
      default: 'asc',
      description: 'Where to begin, and which way to go.',
      examples: ['desc'],
    }),
  ),
});
export type MessagePageQuery = Static<typeof MessagePageQuery>;

export const ChatPageQuery = Type.Object({
  ...MessagePageQuery.properties,
  threads: WithDefault(
    Type.Unsafe<'included' | 'apart'>({
      allOf: [Ref(PagedThreads)],
      default: 'included',
      description:
        'Whether messages in threads are on the page. With `apart` it looks at 1,000 messages at the most: it may have fewer than `limit`, and more after it.',
      examples: ['apart'],
    }),
  ),
  around: Type.Optional(
    Id(
      'The middle of the page, in place of `cursor`: this message, or where it would be, with half of the page before it.',
      {
        examples: [7],
      },
    ),
  ),
});
export type ChatPageQuery = Static<typeof ChatPageQuery>;

export const MessagePage = Type.Object(
  {
    next: Nullable(Id('The `cursor` of the next page in this order; null when this is the last one.')),
    has_more: Type.Boolean({ description: 'Whether the next page has a message.' }),
    previous: Type.Optional(
      Nullable(
        Id(
          'Of a page `around` a message: the `cursor` of the page before it, with `order=desc`; null when there is none.',
        ),
      ),
    ),
    count: SmallInteger({ description: 'How many messages are on this page.' }),
    authors: Type.Array(Ref(ShortUser), {
      description: 'The author of each message once, in the order in which they first appear.',
    }),
    messages: Type.Array(Ref(Message)),
  },
  {
    $id: 'MessagePage',
    description: 'Some messages of a chat, one after the other.',
    examples: [{ next: null, has_more: false, count: 1, authors: [ADA], messages: [EXAMPLE_MESSAGE] }],
  },
);
export type MessagePage = Static<typeof MessagePage>;

/** @param parts those of all features. */
export function messageModels(parts: MessageParts, rules: ContentRules): TSchema[] {
  const { messageFields: fields } = parts;
  const own = [changeMessageModel(parts, rules), MessageOrder, PagedThreads, MessagePage, MessageDeletion];
  const sent = [sentMessageModel(fields), sendMessageModel(parts, rules), sendAsHostModel(parts, rules)];
  return [messageModel(fields), foundMessageModel(fields), ...sent, ...own];
}
