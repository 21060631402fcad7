import { Type, type TSchema } from '@sinclair/typebox';
import { validationError } from '../../shared/errors.js';
import { frameHandler, type ClientFrame, type FrameHandler } from './frame-handler.js';

/** @throws VALIDATION_ERROR when the value is not as the schema says. */
type Check = (value: unknown) => void;

/** The one frame that a session carries out by itself: it says who the client is. */
export const AUTHENTICATE = frameHandler({
  type: 'authenticate',
  description: 'Says who is there; later it renews a token that is about to expire.',
  fields: { token: Type.String({ maxLength: 4096, description: 'An access token.' }) },
  answer: 'none',
  isFree: true,
  handle: () => undefined,
});

/** The frames that clients may send: what they must look like, and who answers them. */
export class FrameHandlers {
  readonly #handlers: ReadonlyMap<string, { readonly handler: FrameHandler; readonly check: Check }>;

  constructor(handlers: readonly FrameHandler[], compile: (schema: TSchema) => Check) {
    this.#handlers = new Map(
      [AUTHENTICATE, ...handlers].map((handler) => [handler.type, { handler, check: compile(handler.schema) }]),
    );
  }

  /** @returns who answers the frame, which is as it must be. @throws VALIDATION_ERROR */
  find(frame: ClientFrame): FrameHandler {
    const found = this.#handlers.get(frame.type);
    if (!found) throw validationError({ errors: { type: 'must be a type of frame that there is' } });
    found.check(frame);
    return found.handler;
  }
}
