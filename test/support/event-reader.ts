import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { EventBlocks, type EventBlock } from '../client/event-blocks.js';
import type { Person } from './client.js';
import { urlOf, type Frame } from './socket.js';

/** A client of GET /events, which reads no further than the test asks. */
export class EventReader {
  readonly #blocks: AsyncGenerator<EventBlock, undefined>;

  private constructor(readonly response: IncomingMessage) {
    this.#blocks = blocksOf(response);
  }

  /** @param lastEventId from where to go on. */
  static async open({ test, token }: Pick<Person, 'test' | 'token'>, lastEventId?: string): Promise<EventReader> {
    const headers = { authorization: `Bearer ${token}`, ...(lastEventId && { 'last-event-id': lastEventId }) };
    // Not fetch: where one of its connections ends, it opens another in advance, which a server that closes waits for.
    const request = get(`${urlOf(test, 'http')}/events`, { headers, agent: false });
    onTestFinished(() => {
      request.destroy();
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return new EventReader(response);
  }

  /** The next event. */
  async event(): Promise<Frame> {
    return JSON.parse((await this.#nextWith('data')).data ?? '') as Frame;
  }

  async events(count: number): Promise<Frame[]> {
    const events: Frame[] = [];
    while (events.length < count) events.push(await this.event());
    return events;
  }

  /** The next id: it stands for everything that was read before. */
  async id(): Promise<string> {
    return (await this.#nextWith('id')).id ?? '';
  }

  /** Settles when the server has ended the stream. */
  async ended(): Promise<void> {
    while (!(await this.#blocks.next()).done);
  }

  /** Leaves, as a client that has lost its connection. */
  close(): void {
    this.response.destroy();
  }

  async #nextWith(field: keyof EventBlock): Promise<EventBlock> {
    for (;;) {
      const { value, done } = await this.#blocks.next();
      if (done) throw new Error('The stream has ended.');
      if (value[field] !== undefined) return value;
    }
  }
}

async function* blocksOf(response: IncomingMessage): AsyncGenerator<EventBlock, undefined> {
  const blocks = new EventBlocks();
  response.setEncoding('utf8');
  for await (const text of response as AsyncIterable<string>) yield* blocks.take(text);
  return undefined;
}
