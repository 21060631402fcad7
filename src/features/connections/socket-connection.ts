import type { Socket } from 'node:net';
import type { WebSocket } from '@fastify/websocket';
import type { Connection, FrameBatch } from '../../realtime/index.js';
import { drained } from './drained.js';

/** @param socket the one below the WebSocket; undefined: there is none. */
export function socketConnection(webSocket: WebSocket, socket: Socket | undefined): Connection {
  // Frames go straight to it, because they are the same for everyone; but when each is compressed the WebSocket does that.
  const plain = webSocket.extensions === '' ? socket : undefined;
  return {
    write(batches) {
      if (plain) writeTogether(plain, batches);
      else for (const { events } of batches) for (const { text } of events) webSocket.send(text);
    },
    get bufferedBytes() {
      return plain ? plain.writableLength : webSocket.bufferedAmount;
    },
    get receivedBytes() {
      return socket?.bytesRead ?? 0;
    },
    async drained() {
      if (socket) await drained(socket);
    },
    pause() {
      webSocket.pause();
    },
    resume() {
      webSocket.resume();
    },
    ping() {
      webSocket.ping();
    },
    close({ code, reason }) {
      webSocket.close(code, reason);
    },
    destroy() {
      webSocket.terminate();
    },
  };
}

function writeTogether(socket: Socket, batches: readonly FrameBatch[]): void {
  if (!socket.writable) return;
  const [first, ...others] = batches;
  if (first && others.length === 0) socket.write(first.bytes);
  else socket.write(Buffer.concat(batches.map(({ bytes }) => bytes)));
}
