import { Type, type TObject, type TSchema } from '@sinclair/typebox';
import { Id, Pts, Ref, SmallInteger, Tag, Text, Time } from '../../shared/schema.js';
import type { EventDescription, FrameHandler } from './frame-handler.js';
import { AUTHENTICATE } from './frame-handlers.js';

/** A frame, as asyncapi.json describes it. */
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
    server_time: Time('What time it is, for clients whose clock is wrong.'),
    heartbeat_seconds: SmallInteger({ description: 'How often the server pings.' }),
  },
  {
    $id: 'SessionStart',
    description: 'What a client may want to know.',
  },
);

/** What the frames of the protocol itself refer to, besides the models of the features. */
export const realtimeModels = [READY];

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
  const answered = handlers.flatMap(({ answer }) => answer ?? []);
  return {
    fromClient: [
      { type: AUTHENTICATE.type, schema: AUTHENTICATE.schema, answer: 'ready' },
      ...handlers.map(({ type, schema, answer }) => ({ type, schema, ...(answer && { answer: answer.type }) })),
    ],
    fromServer: [
      frame('ready', 'The session has begun, or its token has been renewed.', { ref, data: Ref(READY) }),
      ...answered.map(({ type, description, data }) => frame(type, description, { ref, ...(data && { data }) })),
      frame('error', 'A frame could not be carried out.', {
        ref,
        status_code: SmallInteger({ description: 'The HTTP status that the same request would have.' }),
        details: Ref(error),
      }),
      ...events.filter(({ isOnlyOnStream = false }) => !isOnlyOnStream).map(eventFrame),
      frame('chat.advanced', 'A hint: the chat has come that far.', { chat_id: Id(), pts: Pts() }),
      frame('me.advanced', 'A hint: the own log of the user has come that far.', { me_pts: Id() }),
      frame('resync', 'Events may have been lost: sync everything that you have.', {}),
    ],
    onStream: [
      ...events.map(eventFrame),
      frame('chat.too_long', 'Too much was missed: take the chat and its newest messages afresh.', {
        chat_id: Id(),
        pts: Pts(),
      }),
      frame('chat.left', 'You are not in the chat any more.', { chat_id: Id() }),
      frame('people.reset', 'Forget what you keep of the profiles of others: take them afresh when you need them.', {}),
      frame('me.reset', 'Forget what you keep of the own log: all of it comes next.', {}),
      frame(
        'token.expiring',
        'The last event of the stream, as its token expires: go on from its last id, with another token.',
        {
          expires_at: Time('When the token expires.'),
        },
      ),
      frame('resync', 'The Last-Event-ID could not be read: sync everything that you have.', {}),
      frame('reset', 'A backup was restored: forget everything, what you are to have comes next.', {}),
    ],
  };
}

function eventFrame({ type, description, data, of, isNumbered = false }: EventDescription): FrameDescription {
  const about = {
    chat: { chat_id: Id(), ...(isNumbered && { pts: Pts() }) },
    user: isNumbered ? { me_pts: Id('The number of the change in the own log of the user.') } : {},
    users: {},
  };
  return frame(type, description, { ...about[of], ...(data && { data }) });
}

function frame(type: string, description: string, fields: Record<string, TSchema>): FrameDescription {
  return { type, schema: Type.Object({ type: Tag(type), ...fields }, { description }) };
}
