import { WebSocket } from 'ws';
import { CLOSE, type ServerEvent, type SyncAnswer } from '../../client/protocol.js';
import type { Line, Network } from './network.js';

/** Where nobody listens. */
const NOWHERE = 'http://127.0.0.1:1';

interface Frame {
  readonly type: string;
  readonly ref?: string;
  readonly data?: unknown;
}

/** The WebSocket of a client, whose network leads it to any node, or to none; where sockets are blocked it never does. */
export function deviceSocket(network: Network): typeof globalThis.WebSocket {
  class DeviceSocket extends WebSocket implements Line {
    constructor(_url: string, protocol: string) {
      const node = network.kind === 'socket' ? network.nextNode() : undefined;
      const url = node === undefined ? NOWHERE : network.servers.urls[node]!;
      super(`${url.replace('http', 'ws')}/ws`, protocol);
      network.begun(this);
      this.on('close', (code) => {
        network.ended(this, code);
      });
      // Before the client gets it.
      this.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString()) as Frame;
        if (frame.type === 'ready') network.connected(this, 'socket', node!);
        else if (frame.type === 'sync.done') network.synced(frame.data as SyncAnswer);
        else if (frame.ref === undefined) network.received(this, frame as ServerEvent);
      });
    }

    /** The client does not listen any more. */
    override close(): void {
      network.ended(this, CLOSE.gone);
      super.close();
    }
  }
  return DeviceSocket as unknown as typeof globalThis.WebSocket;
}
