import { IncomingMessage } from 'node:http';

export const SOCKET_PATH = '/ws';

/**
 * A request of which only one for the socket asks for another protocol. Node.js takes every `Upgrade` for one once anybody
 * listens for upgrades, and leaves the connection to them, body and all; but some clients offer another protocol, such as
 * h2c, with each request, and are to be answered as if they had not.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#section-7.8
 */
export class UpgradableRequest extends IncomingMessage {
  /** What the parser says. A field would be set after the constructor of Node.js has used it. */
  declare private asked: boolean | null;

  get upgrade(): boolean {
    return this.asked === true && this.#isForSocket();
  }

  set upgrade(asked: boolean | null) {
    this.asked = asked;
  }

  #isForSocket(): boolean {
    const [path] = this.url?.split('?') ?? [];
    return this.method === 'GET' && path === SOCKET_PATH && this.headers.upgrade?.toLowerCase() === 'websocket';
  }
}
