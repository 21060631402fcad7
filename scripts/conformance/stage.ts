import { setTimeout as sleep } from 'node:timers/promises';
import type { SentMessage } from '../../sdk/src/wire.js';
import { Random } from '../../test/faults/random.js';
import { Breach, NotKept } from './breach.js';
import { ClientProcess } from './client-process.js';
import { differences, type FreshChat } from './compare.js';
import type { OptionalField } from './optional-fields.js';
import type { Person } from './person.js';
import { Proxy } from './proxy/proxy.js';
import type { Relay } from './proxy/relay.js';
import type { StreamRelay } from './proxy/stream-relay.js';
import type { Report, ReportedChat } from './report.js';
import type { TestServer } from './server.js';
import { TokenDesk } from './token-desk.js';

const POLL_MS = 60;
/** So long a client may look for another way when sockets are blocked. */
const STREAM_MS = 10_000;
/** Until what the proxy has passed on has been dealt with. */
const PAUSE_MS = 250;
const POLLS_OF_A_STATE = 16;
const SHOWN = 4;

export interface StageOptions {
  readonly command: readonly string[];
  readonly seed: number;
  /** How long a client may take to be up to date. */
  readonly patienceMs: number;
  /** How long people act in the rule that mixes everything. */
  readonly mixedMs: number;
}

/** Where a rule is played: a user whose client is under test, two other people, and the proxy between. */
export class Stage {
  readonly random: Random;
  #client: ClientProcess | undefined;

  private constructor(
    readonly options: StageOptions,
    readonly server: TestServer,
    readonly me: Person,
    readonly bob: Person,
    readonly carol: Person,
    readonly proxy: Proxy,
    readonly desk: TokenDesk,
  ) {
    this.random = new Random(options.seed);
  }

  static async open(options: StageOptions, server: TestServer): Promise<Stage> {
    const [me, [bob, carol]] = await Promise.all([server.register(), server.others()]);
    const proxy = await Proxy.open(() => server.url);
    const desk = await TokenDesk.open((seconds) => server.token(me.id, seconds));
    return new Stage(options, server, me, bob, carol, proxy, desk);
  }

  close(): void {
    this.#client?.endAtOnce();
    this.proxy.close();
    this.desk.close();
  }

  /** The client, once it was started. */
  get client(): ClientProcess {
    if (!this.#client) throw new Error('The client was not started.');
    return this.#client;
  }

  get isStarted(): boolean {
    return this.#client !== undefined;
  }

  /** The socket of the client. @throws NotKept when it has none. */
  get relay(): Relay {
    const { relay } = this.proxy;
    if (!relay) throw new NotKept('The client has no socket open.');
    return relay;
  }

  /** @throws NotKept when the client has no socket open. */
  needSocket(): Relay {
    return this.relay;
  }

  /** @throws NotKept when the client has not reported the field until now. */
  needField(name: OptionalField): void {
    if (!this.client.optionalFields.has(name)) throw new NotKept(`The client reports no \`${name}\`.`);
  }

  /** What the client has reported that it need not. */
  get optionalFields(): readonly OptionalField[] {
    return [...(this.#client?.optionalFields ?? [])];
  }

  /** A group of the three, with something in it. */
  async group(name = 'Group'): Promise<number> {
    const chatId = await this.bob.openGroup(name, [this.me, this.carol]);
    await this.bob.send(chatId, `Welcome to ${name}`);
    return chatId;
  }

  /** Starts the client without waiting for anything. */
  launch(): void {
    this.#client = new ClientProcess(this.options.command, {
      MESSENGER_URL: this.proxy.url,
      MESSENGER_TOKEN_URL: this.desk.url,
      MESSENGER_USER_ID: String(this.me.id),
    });
  }

  /** Starts the client, and waits until it is up to date. */
  async start(): Promise<Report> {
    this.launch();
    return this.settled('to begin with');
  }

  /** Starts the client where sockets are blocked. @throws NotKept when it opens no event stream then. */
  async startStreaming(): Promise<void> {
    this.proxy.taps.blockSockets = true;
    this.launch();
    if (!(await this.within(STREAM_MS, () => this.proxy.streams.length > 0))) {
      throw new NotKept('The client opens no event stream where sockets are blocked.');
    }
    await this.settled('to begin with');
  }

  /** The event stream of the client. @throws Breach when it has none open. */
  get stream(): StreamRelay {
    const last = this.proxy.streams.at(-1);
    if (!last?.isOpen) throw new Breach('The client has no event stream open.');
    return last;
  }

  /** Something that others do while the client is away. */
  async away(act: () => Promise<unknown>): Promise<void> {
    this.proxy.cut();
    await act();
    this.proxy.restore();
  }

  /** Waits until the client has what a new client would get. @throws Breach with what differs when that takes too long. */
  async settled(when = 'after that', patienceMs = this.options.patienceMs): Promise<Report> {
    let fresh = await this.#fresh();
    const deadline = performance.now() + patienceMs;
    for (let polls = 1; ; polls++) {
      // What the client itself has sent may have come meanwhile.
      if (polls % POLLS_OF_A_STATE === 0) fresh = await this.#fresh();
      const report = await this.client.report();
      const found = differences(report, fresh);
      if (found.length === 0) return report;
      if (performance.now() > deadline) {
        const shown = found.slice(0, SHOWN).join('; ');
        const more = found.length > SHOWN ? `; and ${found.length - SHOWN} more` : '';
        throw new Breach(`Not up to date ${when}, within ${patienceMs / 1000} s: ${shown}${more}.`);
      }
      await sleep(POLL_MS);
    }
  }

  /** What the client has of a chat now. */
  async shows(chatId: number): Promise<ReportedChat> {
    const chat = (await this.client.report()).get(chatId);
    if (!chat) throw new Breach(`Chat ${chatId} is missing.`);
    return chat;
  }

  /** @throws Breach when it does not come true in time. */
  async until(
    condition: () => boolean | Promise<boolean>,
    breach: string,
    ms = this.options.patienceMs,
  ): Promise<void> {
    if (!(await this.within(ms, condition))) throw new Breach(breach);
  }

  /** Whether it comes true in time. */
  async within(ms: number, condition: () => boolean | Promise<boolean>): Promise<boolean> {
    const deadline = performance.now() + ms;
    for (;;) {
      if (await condition()) return true;
      if (performance.now() > deadline) return false;
      await sleep(POLL_MS);
    }
  }

  pause(ms = PAUSE_MS): Promise<void> {
    return sleep(ms);
  }

  /** How many messages of a chat have this text. */
  async count(chatId: number, contents: string): Promise<number> {
    return (await this.me.messages(chatId)).filter((message) => message.contents === contents).length;
  }

  /** @throws Breach unless the message is there exactly once. */
  async once(chatId: number, contents: string): Promise<void> {
    await this.until(async () => (await this.count(chatId, contents)) > 0, `${JSON.stringify(contents)} was not sent.`);
    await this.settled();
    const count = await this.count(chatId, contents);
    if (count > 1) throw new Breach(`${JSON.stringify(contents)} was sent once, and is kept as ${count} messages.`);
    for (const { clientId } of this.proxy.traffic.sends) {
      if (typeof clientId !== 'string') throw new Breach('A message was sent without a `client_id`.');
    }
  }

  /** Sends as Bob. */
  say(chatId: number, contents: string): Promise<SentMessage> {
    return this.bob.send(chatId, contents);
  }

  async #fresh(): Promise<ReadonlyMap<number, FreshChat>> {
    const chats = await this.me.chats();
    const fresh = chats.map(async ({ id }) => {
      const [chat, messages] = await Promise.all([this.me.chat(id), this.me.messages(id)]);
      return [id, { chat, messages }] as const;
    });
    return new Map(await Promise.all(fresh));
  }
}
