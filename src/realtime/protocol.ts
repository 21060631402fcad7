import { Type, type Static, type TObject, type TProperties, type TSchema } from '@sinclair/typebox';
import { Id, Tag, Text } from '../shared/schema.js';
import { MAX_WATCHED } from './presence.js';

/** The client's own name for a request, which the answer repeats. */
const ref = Type.Optional(
  Text({ minLength: 1, maxLength: 64, description: 'A text of your own; the answer has it too.' }),
);

/** What a client may ask over a socket, and who answers it. */
export interface FrameHandler {
  readonly type: string;
  readonly description: string;
  /** Of the frame. */
  readonly schema: TObject;
  /** Of the answer's data; undefined: there is no answer when all went well. */
  readonly answer: TSchema | undefined;
  /** Gives the answer's data. */
  handle(userId: number, frame: unknown): unknown;
}

/** A handler whose frame has been checked against its fields before it is called. */
export function frameHandler<Fields extends TProperties>(handler: {
  readonly type: string;
  readonly description: string;
  readonly fields: Fields;
  readonly answer?: TSchema;
  handle(userId: number, frame: Static<TObject<Fields>>): unknown;
}): FrameHandler {
  const { type, description, fields, answer } = handler;
  return {
    type,
    description,
    schema: frameSchema(type, fields, description),
    answer,
    handle: (userId, frame) => {
      const given = Object.entries(frame as object).filter(([name]) => Object.hasOwn(fields, name));
      return handler.handle(userId, Object.fromEntries(given) as Static<TObject<Fields>>);
    },
  };
}

function frameSchema(type: string, fields: TProperties, description: string): TObject {
  return Type.Object({ type: Tag(type), ref, ...fields }, { additionalProperties: false, description });
}

/** What a session answers by itself. */
export const AUTHENTICATE = frameSchema(
  'authenticate',
  { token: Type.String({ maxLength: 4096, description: 'An access token.' }) },
  'Says who is there; later it renews a token that is about to expire.',
);
export const PING = frameSchema('ping', {}, 'Asks for a pong: browsers cannot see the pings of the protocol below.');
export const TYPING = frameSchema('typing', { chat_id: Id('The chat.') }, 'Tells the others that the user is typing.');

const user_ids = Type.Array(Id(), { minItems: 1, maxItems: MAX_WATCHED, description: 'The users.' });
export const WATCH = frameSchema(
  'presence.subscribe',
  { user_ids },
  'Asks whether users are online, and to be told when that changes; only of those with whom the user shares a chat.',
);
export const UNWATCH = frameSchema('presence.unsubscribe', { user_ids }, 'Takes that back.');

/** An event that clients get: for the description of the protocol. */
export interface EventDescription {
  readonly type: string;
  readonly description: string;
  /** undefined: the type says it all. */
  readonly data: TSchema | undefined;
  /** Whether it has the pts of a durable change. */
  readonly durable: boolean;
  /** It stands for changes that were missed: a socket has a sync for those. */
  readonly onlyOnStream?: boolean;
  /** A sync has it too, among the changes of a chat. */
  readonly synced?: boolean;
}

/** A frame of which no more is known yet. */
export interface ClientFrame {
  readonly type: string;
  readonly ref?: string;
}
