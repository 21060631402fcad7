import { frameHandler, type FrameHandler } from '../../realtime/index.js';

/** What a client may ask of its connection itself. */
export function connectionFrames(): FrameHandler[] {
  return [
    frameHandler({
      type: 'ping',
      description: 'Asks for a pong: browsers cannot see the pings of the protocol below.',
      fields: {},
      answer: 'empty',
      answerType: 'pong',
      answerDescription: 'The answer to ping.',
      isFree: true,
      narrowed: { rights: 'read', chats: 'none' },
      handle: () => undefined,
    }),
  ];
}
