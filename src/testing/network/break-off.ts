import type { Socket } from 'node:net';

/** Ends the connection as a broken network does. Node.js never gets rid of one that is reset while it is being ended. */
export function breakOff(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
