import { Type, type Static, type TObject, type TProperties, type TSchema } from '@sinclair/typebox';
import { Tag, Text } from '../../shared/schema.js';
import type { NarrowedUse } from '../../shared/narrowing.js';
import type { Listener } from '../delivery/user-channel.js';

/** The client's own name for a request, which the answer repeats. */
const ref = Type.Optional(
  Text({ minLength: 1, maxLength: 64, description: 'A text of your own; the answer has it too.' }),
);

/** A frame of which no more is known yet. */
export interface ClientFrame {
  readonly type: string;
  readonly ref?: string;
}

/** Who asks, and the connection on which they ask. */
interface Client {
  readonly userId: number;
  readonly connection: Listener;
}

/** How a frame is answered when all went well. */
interface FrameAnswer {
  readonly type: string;
  readonly description: string;
  /** undefined: the type says it all. */
  readonly data: TSchema | undefined;
}

/** What a client may ask over a socket, and who answers it. */
export interface FrameHandler {
  readonly type: string;
  /** Of the frame. */
  readonly schema: TObject;
  /** undefined: there is none. */
  readonly answer: FrameAnswer | undefined;
  /** Whether it is not counted among the requests of the user. */
  readonly isFree: boolean;
  /** What narrowed tokens may do with it; undefined: nothing. */
  readonly narrowed: NarrowedUse | undefined;
  /** Gives the answer's data. */
  handle(client: Client, frame: unknown): unknown;
}

interface FrameHandlerOptions<Fields extends TProperties> {
  readonly type: string;
  readonly description: string;
  readonly fields: Fields;
  /** The schema of the answer's data; `empty`: the answer has none; `none`: there is no answer. */
  readonly answer: TSchema | 'empty' | 'none';
  /** What the answer is called, unless it is `<type>.done`. */
  readonly answerType?: string;
  readonly answerDescription?: string;
  readonly isFree?: boolean;
  readonly narrowed?: NarrowedUse;
  handle(client: Client, frame: Static<TObject<Fields>>): unknown;
}

/** A handler whose frame has been checked against its fields before it is called. */
export function frameHandler<Fields extends TProperties>(options: FrameHandlerOptions<Fields>): FrameHandler {
  const { type, description, fields, answer, isFree = false, narrowed } = options;
  const { answerType = `${type}.done`, answerDescription = `The answer to ${type}.` } = options;
  const described = { type: answerType, description: answerDescription };
  return {
    type,
    schema: Type.Object(
      { type: Tag(type), ref, ...(fields as TProperties) },
      { additionalProperties: false, description },
    ),
    answer: answer === 'none' ? undefined : { ...described, data: answer === 'empty' ? undefined : answer },
    isFree,
    narrowed,
    handle: (client, frame) => {
      const given = Object.entries(frame as object).filter(([name]) => Object.hasOwn(fields, name));
      return options.handle(client, Object.fromEntries(given) as Static<TObject<Fields>>);
    },
  };
}

/** An event that clients get: for the description of the protocol, and for the check of what leaves the server. */
export interface EventDescription {
  readonly type: string;
  readonly description: string;
  /** undefined: the type says it all. */
  readonly data?: TSchema | undefined;
  /** What it is about: a chat, whose id it has; what is the user's alone; or other users. */
  readonly of: 'chat' | 'user' | 'users';
  /** Whether it has the number of a durable change. */
  readonly isNumbered?: boolean;
  /** It stands for changes that were missed: a socket has a sync for those. */
  readonly isOnlyOnStream?: boolean;
}
