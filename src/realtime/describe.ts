import { Type, type TObject, type TSchema } from '@sinclair/typebox';
import { Id, Pts, Ref, SmallInteger, Tag, Text, Time } from '../shared/schema.js';
import { UserPresence } from './presence.js';
import { AUTHENTICATE, PING, TYPING, UNWATCH, WATCH, type EventDescription, type FrameHandler } from './protocol.js';

/** A frame, for those who write clients. */
export interface FrameDescription {
  readonly type: string;
  readonly schema: TObject;
  /** The type of the frame that answers it. */
  readonly answer?: string;
}

const ref = Type.Optional(Text({ description: 'That of the request.' }));

const READY = Type.Object(
  {
    user_id: Id('Whose session it is.'),
    epoch: Type.String({ description: 'Under which the pts are counted; see sync.' }),
    expires_at: Time('When the token expires, and with it the session, unless it is renewed.'),
    heartbeat_seconds: SmallInteger({ description: 'How often the server pings.' }),
  },
  {
    $id: 'SessionStart',
    description: 'What a client may want to know.',
  },
);

const TYPIST = Type.Object({ user_id: Id() }, { $id: 'Typist', description: 'Who is typing.' });

/** What the frames refer to, besides the models of the features. */
export const realtimeModels = [READY, TYPIST, UserPresence];

interface ProtocolDescription {
  readonly fromClient: FrameDescription[];
  readonly fromServer: FrameDescription[];
  /** The events of `GET /events`. */
  readonly onStream: FrameDescription[];
}

/** @param error the schema of an error's details. */
export function describeProtocol(
  handlers: readonly FrameHandler[],
  events: readonly EventDescription[],
  error: TSchema,
): ProtocolDescription {
  const typing = frame('typing', 'Somebody is typing: show it for six seconds.', {
    chat_id: Id(),
    data: Ref(TYPIST),
  });
  return {
    fromClient: [
      { type: 'authenticate', schema: AUTHENTICATE, answer: 'ready' },
      { type: 'ping', schema: PING, answer: 'pong' },
      { type: 'typing', schema: TYPING },
      { type: 'presence.subscribe', schema: WATCH, answer: 'presence.subscribe.done' },
      { type: 'presence.unsubscribe', schema: UNWATCH, answer: 'presence.unsubscribe.done' },
      ...handlers.map(({ type, schema }) => ({ type, schema, answer: `${type}.done` })),
    ],
    fromServer: [
      frame('ready', 'The session has begun, or its token has been renewed.', { ref, data: Ref(READY) }),
      frame('pong', 'The answer to ping.', { ref }),
      frame('presence.subscribe.done', 'How the users are now.', { ref, data: Type.Array(Ref(UserPresence)) }),
      frame('presence.unsubscribe.done', 'It is taken back.', { ref }),
      ...handlers.map(({ type, answer }) =>
        frame(`${type}.done`, `The answer to ${type}.`, { ref, ...(answer && { data: answer }) }),
      ),
      frame('error', 'A frame could not be carried out.', {
        ref,
        status_code: SmallInteger({ description: 'The HTTP status that the same request would have.' }),
        details: Ref(error),
      }),
      ...events.filter(({ onlyOnStream = false }) => !onlyOnStream).map(eventFrame),
      typing,
      frame('presence', 'A user has come or gone.', { data: Ref(UserPresence) }),
      frame('chat.advanced', 'A hint: the chat has come that far.', { chat_id: Id(), pts: Pts() }),
      frame('resync', 'Events may have been lost: sync everything that you have.', {}),
    ],
    onStream: [
      ...events.map(eventFrame),
      typing,
      frame('chat.too_long', 'Too much was missed: take the chat and its newest messages afresh.', {
        chat_id: Id(),
        pts: Pts(),
      }),
      frame('chat.left', 'You are not in the chat any more.', { chat_id: Id() }),
      frame('reset', 'A backup was restored: forget everything, what you are to have comes next.', {}),
    ],
  };
}

function eventFrame({ type, description, data, durable }: EventDescription): FrameDescription {
  return frame(type, description, { chat_id: Id(), ...(durable && { pts: Pts() }), ...(data && { data }) });
}

function frame(type: string, description: string, fields: Record<string, TSchema>): FrameDescription {
  return { type, schema: Type.Object({ type: Tag(type), ...fields }, { description }) };
}
