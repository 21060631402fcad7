import { createClockOffset } from '../shared/moved-date.js';
import { Mailbox } from './mailbox.js';
import { Network } from './network/network.js';
import { asking, type Ask } from './request.js';
import { ServerThread, StartError } from './server-thread.js';
import { refuseOwnSettings, type Settings } from './settings.js';
import { discardTemplate, templateFile } from './template.js';
import { TestClock } from './test-clock.js';
import type { Account } from './thread/messages.js';

/** A user of the test, who asks with a token. */
export interface TestUser extends Account {
  readonly request: Ask;
}

/** The server of a host application, which asks with an API key. */
export interface TestHost {
  readonly key: string;
  readonly request: Ask;
}

/**
 * Starts a messenger for tests: the server as it is, in a thread of its own, with an empty database in memory.
 * @param settings of the server, by their names in `.env.example`.
 * @throws Error for settings that are wrong.
 */
export async function startMessenger(settings: Settings = {}): Promise<Messenger> {
  refuseOwnSettings(settings);
  return Messenger.start(settings);
}

/** A running server, and what a test does with it. */
export class Messenger implements AsyncDisposable {
  /** Where clients reach it, without a slash at the end. */
  readonly url: string;
  /** Asks as nobody. */
  readonly request: Ask;
  readonly network: Pick<Network, 'cut' | 'stall' | 'slow' | 'restore'>;
  readonly clock: Pick<TestClock, 'now' | 'advance'>;
  readonly mails: Pick<Mailbox, 'all' | 'next'>;
  readonly #thread: ServerThread;
  readonly #network: Network;
  #stopped: Promise<void> | undefined;

  private constructor(thread: ServerThread, network: Network, clock: TestClock, mails: Mailbox) {
    this.#thread = thread;
    this.#network = network;
    this.url = network.url;
    this.request = asking(this.url, undefined);
    this.network = network;
    this.clock = clock;
    this.mails = mails;
  }

  static async start(settings: Settings): Promise<Messenger> {
    const mails = new Mailbox();
    const offset = createClockOffset();
    const { thread, port } = await withTemplate((template) =>
      ServerThread.start({ task: 'serve', settings, template, clock: offset }, (mail) => {
        mails.receive(mail);
      }),
    );
    const clock = new TestClock(offset, () => thread.ask({ want: 'wake' }));
    return new Messenger(thread, await Network.open(port), clock, mails);
  }

  /**
   * A registered user of the name, the same one each time, with a new token.
   * @throws Error for what is no username, and for one that the test has registered itself.
   */
  async user(username: string): Promise<TestUser> {
    const account = (await this.#thread.ask({ want: 'user', username })) as Account;
    return { ...account, request: asking(this.url, account.token) };
  }

  /** The server of a host application, with a new API key. @throws Error for a scope that there is not. */
  async apiKey(scopes: readonly string[]): Promise<TestHost> {
    const key = (await this.#thread.ask({ want: 'key', scopes })) as string;
    return { key, request: asking(this.url, key) };
  }

  /** Ends it. Nothing is left of it: no thread, no port, no file. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    await this.#network.close();
    await this.#thread.stop();
  }
}

/** Tries once more with a new template when the database could not begin with the one that was kept. */
async function withTemplate<T>(start: (template: string) => Promise<T>): Promise<T> {
  const template = await templateFile();
  try {
    return await start(template);
  } catch (error) {
    if (!(error instanceof StartError) || error.of !== 'database') throw error;
    discardTemplate(template);
    return start(await templateFile());
  }
}
