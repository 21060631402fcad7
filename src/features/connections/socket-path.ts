import type { IncomingMessage } from 'node:http';

export const SOCKET_PATH = '/ws';

/** Whether a request asks for the socket: some clients offer another protocol, such as h2c, with each request. */
export function asksForSocket({ method, url, headers }: IncomingMessage): boolean {
  const [path] = url?.split('?') ?? [];
  return method === 'GET' && path === SOCKET_PATH && headers.upgrade?.toLowerCase() === 'websocket';
}
