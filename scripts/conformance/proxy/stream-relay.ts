import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Frame } from './frame.js';
import type { Taps, Way } from './taps.js';

const DATA = /^data: ?(.*)$/m;

/** An event stream of the client, and the one of the proxy from the server. */
export class StreamRelay implements Way {
  readonly #server: IncomingMessage;
  readonly #client: ServerResponse;
  readonly #taps: Taps;
  #rest = '';

  constructor(server: IncomingMessage, client: ServerResponse, taps: Taps) {
    this.#server = server;
    this.#client = client;
    this.#taps = taps;
    client.writeHead(server.statusCode ?? 502, server.headers);
    client.flushHeaders();
    server.setEncoding('utf8');
    server.on('data', (text: string) => {
      this.#take(text);
    });
    server.on('end', () => client.end());
    server.on('error', () => client.destroy());
    client.on('close', () => server.destroy());
  }

  get isOpen(): boolean {
    return !this.#client.closed;
  }

  toClient(frame: Frame): void {
    this.#client.write(`data: ${JSON.stringify(frame)}\n\n`);
  }

  /** Ends it as the server does. */
  end(): void {
    this.#client.end();
    this.#server.destroy();
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, data] = DATA.exec(block) ?? [];
      const { event } = this.#taps;
      if (data === undefined || !event) {
        this.#client.write(`${block}\n\n`);
        continue;
      }
      const frames = event(JSON.parse(data) as Frame, this);
      // What the stream says of how far it has come stays, whatever becomes of the event.
      const others = block.split('\n').filter((line) => !line.startsWith('data:'));
      if (others.length > 0) this.#client.write(`${others.join('\n')}\n\n`);
      for (const frame of frames) this.toClient(frame);
    }
  }
}
