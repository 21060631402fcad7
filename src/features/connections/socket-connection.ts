import type { Socket } from 'node:net';
import type { WebSocket } from '@fastify/websocket';
import type { Chunk, Connection } from '../../realtime/index.js';

/**
 * @param socket the one below the WebSocket. Frames go straight to it, because they are the same for everyone; undefined:
 *   there is none, or each frame is compressed, so that the WebSocket writes them.
 */
export function socketConnection(webSocket: WebSocket, socket: Socket | undefined): Connection {
  return {
    write(chunks) {
      if (socket) writeTogether(socket, chunks);
      else for (const { texts } of chunks) for (const text of texts) webSocket.send(text);
    },
    get bufferedBytes() {
      return socket ? socket.writableLength : webSocket.bufferedAmount;
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

function writeTogether(socket: Socket, chunks: readonly Chunk[]): void {
  if (!socket.writable) return;
  const [first, ...others] = chunks;
  if (first && others.length === 0) socket.write(first.bytes);
  else socket.write(Buffer.concat(chunks.map(({ bytes }) => bytes)));
}
