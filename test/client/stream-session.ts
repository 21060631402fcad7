import { get, type IncomingMessage } from 'node:http';
import { EventBlocks } from './event-blocks.js';
import { Inbox } from './inbox.js';
import { CLOSE, type ServerEvent, type SyncAnswer, type SyncRequest } from './protocol.js';
import { isFailure, said } from './servers.js';
import { Refusal, SessionEnded, type Delivery, type Dial, type Session } from './session.js';

const OPEN_TIMEOUT_MS = 3000;

/** `GET /events`, with `POST /sync` for the first time. */
export class StreamSession implements Session {
  readonly deliveries = new Inbox<Delivery>();
  readonly #response: IncomingMessage;
  readonly #dial: Dial;
  readonly #ended = new AbortController();

  private constructor(response: IncomingMessage, dial: Dial, lastEventId: string | undefined) {
    this.#response = response;
    this.#dial = dial;
    const { journal, node } = dial;
    journal.connected('stream', node, lastEventId);
    const blocks = new EventBlocks();
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      for (const { id, data } of blocks.take(text)) {
        const event = data === undefined ? undefined : (JSON.parse(data) as ServerEvent);
        if (event) journal.received(event);
        if (id !== undefined) journal.add({ kind: 'id', id });
        this.deliveries.push({ event, id });
      }
    });
    // It is always followed by "close".
    response.on('error', () => undefined);
    response.on('close', () => {
      this.deliveries.close();
      this.#ended.abort(new SessionEnded(CLOSE.gone));
    });
  }

  /** @throws SessionEnded unless the stream begins. */
  static open(dial: Dial, lastEventId: string | undefined): Promise<StreamSession> {
    const { servers, node, token } = dial;
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        accept: 'text/event-stream',
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      };
      // Without an agent: a stream has a connection of its own.
      const request = get(`${servers.urls[node]}/events`, { headers, agent: false }, (response) => {
        clearTimeout(timeout);
        const { statusCode: status = 0 } = response;
        if (status === 200) {
          resolve(new StreamSession(response, dial, lastEventId));
        } else {
          if (isFailure(status)) dial.journal.surprises.push(`was refused with ${said({ status, body: undefined })}`);
          response.resume();
          reject(new SessionEnded(CLOSE.gone));
        }
      });
      const timeout = setTimeout(() => request.destroy(), OPEN_TIMEOUT_MS);
      request.on('error', () => {
        clearTimeout(timeout);
        reject(new SessionEnded(CLOSE.gone));
      });
    });
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  async sync(body: SyncRequest): Promise<SyncAnswer> {
    const { servers, token } = this.#dial;
    const answer = await servers.requestUntilAnswered({
      method: 'POST',
      path: '/sync',
      token,
      body,
      signal: this.ended,
    });
    if (answer.status !== 200) throw new Refusal(answer.status, answer.body.details?.code);
    return answer.body;
  }

  cut(): void {
    this.#response.destroy();
  }

  pause(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }
}
