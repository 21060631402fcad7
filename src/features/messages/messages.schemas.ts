import { Type, type Static } from '@sinclair/typebox';
import { Id, Nullable, Pts, Ref, SmallInteger, Text, Time, WithDefault, Words } from '../../shared/schema.js';
import { ShortUser } from '../users/index.js';

const MAX_CONTENTS = 2047;

const Contents = Text({ minLength: 1, maxLength: MAX_CONTENTS, description: 'What has been written.' });
const NewContents = Words({
  minLength: 1,
  maxLength: MAX_CONTENTS,
  description: 'What is written; not only spaces or characters that show nothing.',
});

export const ClientId = Text({
  minLength: 1,
  maxLength: 64,
  description: 'Your own name for this request, such as a UUID: under the same one it is carried out only once.',
});

const EXAMPLE_CLIENT_ID = '0b7e6a52-4b0e-4d3b-9f6a-1c2e8d543f0c';

export const EXAMPLE_MESSAGE = {
  id: 8,
  created_at: '2026-11-23T09:12:00.000Z',
  updated_at: '2026-11-23T09:12:00.000Z',
  contents: 'hello',
  author_id: 5,
};

const messageProperties = {
  id: Id('Ascends within a chat in the order in which the messages were sent.'),
  created_at: Time('When it was sent.'),
  updated_at: Time('When it last changed.'),
  contents: Contents,
  author_id: Id('The user who sent it.'),
  client_id: Type.Optional(ClientId),
  edited_at: Type.Optional(Time('When its contents last changed; not there while they are as they were sent.')),
};

export const Message = Type.Object(messageProperties, {
  $id: 'Message',
  description: 'A message of a chat.',
  examples: [EXAMPLE_MESSAGE],
});
export type Message = Static<typeof Message>;

export const SentMessage = Type.Object(
  {
    ...messageProperties,
    pts: Pts('The change of the chat by which the message is as it is.'),
    deduplicated: Type.Optional(
      Type.Boolean({
        description:
          'true: it had been sent before under this `client_id`; this is that message. Otherwise it is not there.',
      }),
    ),
  },
  {
    $id: 'SentMessage',
    description: 'A message, as its author has just left it.',
    examples: [{ ...EXAMPLE_MESSAGE, client_id: EXAMPLE_CLIENT_ID, pts: 42 }],
  },
);
export type SentMessage = Static<typeof SentMessage>;

export const SendMessage = Type.Object(
  { contents: NewContents, client_id: Type.Optional(ClientId) },
  {
    $id: 'SendMessage',
    additionalProperties: false,
    examples: [{ contents: 'hello', client_id: EXAMPLE_CLIENT_ID }],
  },
);
export type SendMessage = Static<typeof SendMessage>;

export const ChangeMessage = Type.Object(
  { contents: NewContents },
  { $id: 'ChangeMessage', additionalProperties: false, examples: [{ contents: 'hello there' }] },
);

export const MessageParams = Type.Object({ message_id: Id('The message.', { examples: [8] }) });

export const MessageOrder = Type.Unsafe<'asc' | 'desc'>({
  $id: 'MessageOrder',
  type: 'string',
  enum: ['asc', 'desc'],
  default: 'asc',
  description: '`asc`: the oldest first. `desc`: the newest first.',
});

export const MessagePageQuery = Type.Object({
  cursor: Type.Optional(
    Id('Exclusive: only messages after this one, or before it with `order=desc`.', { examples: [7] }),
  ),
  limit: WithDefault(
    SmallInteger({
      minimum: 1,
      maximum: 100,
      default: 50,
      description: 'How many messages, at the most.',
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

export const MessagePage = Type.Object(
  {
    next: Nullable(Id('The `cursor` of the next page in this order; null when this is the last one.')),
    has_more: Type.Boolean({ description: 'Whether the next page has a message.' }),
    count: SmallInteger({ description: 'How many messages are on this page.' }),
    authors: Type.Array(Ref(ShortUser), {
      description: 'The author of each message once, in the order in which they first appear.',
    }),
    messages: Type.Array(Ref(Message)),
  },
  {
    $id: 'MessagePage',
    description: 'Some messages of a chat, one after the other.',
    examples: [
      { next: null, has_more: false, count: 1, authors: [{ id: 5, username: 'ada' }], messages: [EXAMPLE_MESSAGE] },
    ],
  },
);
export type MessagePage = Static<typeof MessagePage>;
