import { randomUUID } from 'node:crypto';
import { isTooDeep } from '../../shared/json.js';
import { takeApart } from '../../shared/large-inputs.js';
import type { ClientFrame, FrameHandler } from '../protocol/frame-handler.js';
import type { FrameHandlers } from '../protocol/frame-handlers.js';

/** The error as a client sees it; what is the server's fault goes to the log under that id. */
export type DescribeError = (
  error: unknown,
  requestId: string,
) => { readonly status_code: number; readonly details: unknown };

/** A frame that has been read. */
export interface Request {
  readonly ref: string | undefined;
  readonly frame: ClientFrame;
  /** Who answers it, or why nobody does. */
  readonly handler: FrameHandler | { readonly refusal: unknown };
}

/**
 * Reads a frame in the turn of its user.
 * @returns undefined when it is no frame.
 * @throws TOO_MANY_REQUESTS when too much of the user's waits to be read.
 */
export async function readRequest(userId: number, text: string, frames: FrameHandlers): Promise<Request | undefined> {
  let request: Request | undefined;
  await takeApart(userId, text.length, () => {
    const frame = parse(text);
    if (!frame) return;
    const ref = typeof frame.ref === 'string' ? frame.ref : undefined;
    try {
      request = { ref, frame, handler: frames.find(frame) };
    } catch (refusal) {
      request = { ref, frame, handler: { refusal } };
    }
  });
  return request;
}

/** The frame that answers a request which failed. */
export function errorFrame(error: unknown, ref: string | undefined, describe: DescribeError) {
  return { type: 'error', ref, ...describe(error, randomUUID()) };
}

function parse(text: string): ClientFrame | undefined {
  try {
    const frame: unknown = isTooDeep(text) ? undefined : JSON.parse(text);
    return typeof frame === 'object' && frame !== null && 'type' in frame && typeof frame.type === 'string'
      ? (frame as ClientFrame)
      : undefined;
  } catch {
    return undefined;
  }
}
