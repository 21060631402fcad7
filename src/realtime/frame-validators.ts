import type { TSchema } from '@sinclair/typebox';
import { validationError, type ApiError, type ErrorKind } from '../shared/errors.js';
import { AUTHENTICATE, PING, TYPING, UNWATCH, WATCH, type ClientFrame, type FrameHandler } from './protocol.js';

/** @throws VALIDATION_ERROR when the value is not as the schema says. */
type Check = (value: unknown) => void;

/** The frames that clients may send: what they must look like, and who answers them. */
export class FrameValidators {
  readonly #checks: ReadonlyMap<string, Check>;
  readonly #handlers: ReadonlyMap<string, FrameHandler>;
  readonly #unknownChat: ErrorKind;

  constructor(handlers: readonly FrameHandler[], compile: (schema: TSchema) => Check, unknownChat: ErrorKind) {
    this.#handlers = new Map(handlers.map((handler) => [handler.type, handler]));
    const own = [AUTHENTICATE, PING, TYPING, WATCH, UNWATCH].map(
      (schema) => [(schema.properties.type?.enum as string[])[0] ?? '', schema] as const,
    );
    const others = handlers.map(({ type, schema }) => [type, schema] as const);
    this.#checks = new Map([...own, ...others].map(([type, schema]) => [type, compile(schema)]));
    this.#unknownChat = unknownChat;
  }

  /** @throws VALIDATION_ERROR */
  check(frame: ClientFrame): void {
    const check = this.#checks.get(frame.type);
    if (!check) throw validationError({ errors: { type: 'must be a type of frame that there is' } });
    check(frame);
  }

  /** Of a frame that has been checked. */
  async handle(userId: number, frame: ClientFrame): Promise<unknown> {
    return await this.#handlers.get(frame.type)?.handle(userId, frame);
  }

  unknownChat(): ApiError {
    return this.#unknownChat();
  }
}
