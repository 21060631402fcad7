import { once } from 'node:events';
import { expect } from 'vitest';
import type { Frame, Socket } from './socket.js';

/** What comes to a socket of the durable changes of a chat, hints included. */
export class ChatLog {
  readonly frames: Frame[] = [];

  constructor(
    readonly socket: Socket,
    chatId: number,
  ) {
    socket.webSocket.on('message', (text: Buffer) => {
      const frame = JSON.parse(text.toString()) as Frame;
      if (frame.chat_id === chatId && frame.pts !== undefined) this.frames.push(frame);
    });
  }

  /** Settles when the socket has been told that the chat has come that far. */
  async reaches(pts: number): Promise<void> {
    while ((this.frames.at(-1)?.pts ?? 0) < pts) await once(this.socket.webSocket, 'message');
  }

  /** Nothing came twice or too early, and what did not come was announced by a hint. */
  expectWholeFrom(start: number): void {
    let mine = start;
    for (const { type, pts = 0 } of this.frames) {
      if (type === 'chat.advanced') expect(pts).toBeGreaterThan(mine);
      else expect(pts).toBe(mine + 1);
      mine = pts;
    }
  }
}
