import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../client/backoff.js';
import type { Answer } from '../../client/protocol.js';
import { isDefinite, type Servers } from '../../client/servers.js';
import type { Ledger, OpenDeletion, OpenEdit, OpenReading, OpenSend, OpenSetting } from '../load/ledger.js';
import type { Person } from '../load/person.js';
import type { Manner, Writer } from '../load/writer.js';
import type { Loss } from '../plan/plan.js';
import type { Random } from '../random.js';
import type { ReferenceDevice } from './reference-device.js';

/** When a connection breaks after a request was begun: at about the time at which the server works on it. */
const BREAK_MS = 15;
/** How long an answer goes unheeded at the most: the message may be edited or deleted by then. */
const UNHEEDED_MS = 3000;

/** Each thing is a request of its own, to any of the servers, and is repeated until one has answered. */
export class RequestWriter implements Writer {
  constructor(
    readonly person: Person,
    readonly devices: readonly ReferenceDevice[],
    readonly servers: Servers,
    readonly ledger: Ledger,
    readonly random: Random,
  ) {}

  async send(send: OpenSend, { road, loss, node }: Manner): Promise<void> {
    const { random, ledger } = this;
    let answer = await this.#attempt(send, { road, loss, node });
    for (let tries = 0; ; tries++) {
      if (isDefinite(answer)) {
        this.#take(send, answer);
        if (loss !== 'answer' || tries > 0) return;
      }
      await sleep(loss === 'answer' && tries === 0 ? random.between(0, UNHEEDED_MS) : backoffMs(tries, random));
      ledger.counters.count('retried');
      answer = await this.#attempt(send, { road: random.chance(0.5) ? 'rest' : 'socket', loss: 'none' });
    }
  }

  async edit(edit: OpenEdit, node?: number): Promise<void> {
    const { message, contents } = edit;
    const path = `/message/${message.id}`;
    this.ledger.answerEdit(edit, await this.#ask({ method: 'PATCH', path, body: { contents }, node }));
  }

  async delete(deletion: OpenDeletion, node?: number): Promise<void> {
    const path = `/message/${deletion.message.id}`;
    this.ledger.answerDeletion(deletion, await this.#ask({ method: 'DELETE', path, node }));
  }

  async read(reading: OpenReading, messageId: number, road: Manner['road']): Promise<void> {
    const { chatId } = reading;
    const { session } = this.devices[0]!;
    const { token } = this.person;
    const path = `/chat/${chatId}/read`;
    // Whether it is answered makes no difference: it is said again when more is read.
    const answer =
      road === 'socket' && session?.request
        ? await session.request({ type: 'read', chat_id: chatId, message_id: messageId }).catch(() => undefined)
        : await this.servers.request({ method: 'POST', path, token, body: { message_id: messageId } });
    if (answer) this.ledger.answerReading(reading, answer);
  }

  async changeSettings(setting: OpenSetting, node?: number): Promise<void> {
    const { chatId, mutedUntil: muted_until, pinned, archived } = setting;
    const path = `/chat/${chatId}/settings`;
    const answer = await this.#ask({ method: 'PATCH', path, body: { muted_until, pinned, archived }, node });
    this.ledger.answerSetting(setting, answer);
  }

  type(chatId: number): void {
    // Nobody waits for the answer, which there is when the chat is not theirs any more.
    this.devices[0]!.session?.tell?.({ type: 'typing', ref: 'typing', chat_id: chatId });
  }

  #ask(request: Omit<Parameters<Servers['request']>[0], 'token'>): Promise<Answer> {
    return this.servers.requestUntilAnswered({ ...request, token: this.person.token });
  }

  #take(send: OpenSend, answer: Answer): void {
    if (!this.ledger.answerSend(send, answer)) return;
    const { chatId, mark, clientId } = send;
    this.person.remember({ chatId, mark, clientId, id: answer.body.id });
  }

  /** One try. undefined: there was no answer. */
  #attempt(send: OpenSend, manner: Manner): Promise<Answer | undefined> {
    const device = this.devices.find(({ kind, session }) => kind === 'socket' && session);
    send.tries++;
    return manner.road === 'socket' && device ? this.#bySocket(device, send, manner.loss) : this.#byRest(send, manner);
  }

  async #bySocket(
    device: ReferenceDevice,
    { chatId, contents, clientId }: OpenSend,
    loss: Loss,
  ): Promise<Answer | undefined> {
    const askedAt = Date.now();
    const asked = device.session?.request?.({ type: 'send', chat_id: chatId, contents, client_id: clientId });
    if (loss === 'connection') {
      await sleep(this.random.between(0, BREAK_MS));
      device.leave(0);
    }
    const answer = await asked?.catch(() => undefined);
    return answer && { ...answer, askedAt };
  }

  #byRest({ chatId, contents, clientId }: OpenSend, { loss, node }: Manner): Promise<Answer | undefined> {
    return this.servers.request({
      method: 'POST',
      path: `/chat/${chatId}/message`,
      token: this.person.token,
      body: { contents, client_id: clientId },
      node,
      ...(loss === 'connection' && { signal: AbortSignal.timeout(Math.ceil(this.random.between(0, BREAK_MS))) }),
    });
  }
}
