import type { ConnectionStatus } from '../connector.js';
import type { Step } from '../held.js';
import { MessengerError } from '../messenger-error.js';
import type { Share } from '../sharing.js';
import type { ClientFrame } from '../wire.js';

type Part = 'loader' | 'outbox' | 'session';

/** Something to be done in the tab that leads. */
interface Call {
  readonly type: 'call';
  readonly id: string;
  readonly part: Part;
  readonly name: string;
  readonly args: unknown[];
}

/** What tabs say to each other. */
type Word =
  | { readonly type: 'steps'; readonly steps: readonly Step[] }
  /** Of the tab that leads, to all: also when one has come. */
  | { readonly type: 'status'; readonly status: ConnectionStatus }
  | { readonly type: 'hello' }
  /** Another tab leads now. */
  | { readonly type: 'lead' }
  | Call
  | { readonly type: 'answer'; readonly id: string; readonly value?: unknown; readonly error?: Refusal }
  | { readonly type: 'ephemeral'; readonly name: 'typing' | 'stopped' | 'presence'; readonly args: unknown[] }
  | { readonly type: 'sign-out' };

type Refusal = readonly [code: string, message: string, status: number, details: Record<string, unknown>];

type Method = (...args: unknown[]) => unknown;

/** A call that the leading tab does not answer, because it has just been closed, is one of the next leader. */
const PATIENCE_MS = 10_000;

/** Of the outbox, what makes something new is done where it is done: it is shown at once, and is in the store. */
const LOCAL = ['send', 'open', 'close', 'work'];

/** Where there is nothing to merge these with they make something new, too. */
const CHANGES = ['edit', 'delete'];

/** One tab of an account has the connection, and it alone writes what comes of it to the store; the others follow it. */
export function shareTabs(name: string): Share {
  return ({ keeper, loader, outbox, ephemera, presence, connector, signOut }) => {
    let channel: BroadcastChannel | undefined;
    let isLeading = false;
    let leaving = new AbortController();
    let calls = 0;
    /** What others have committed while this tab reads the store, where it may be or not; undefined: it has read. */
    let early: Step[] | undefined;
    let unwatch: (() => void) | undefined;
    const me = Math.random().toString(36).slice(2);
    const waiting = new Map<
      string,
      { resolve: (value: unknown) => void; reject: (error: Error) => void; word: Call }
    >();
    const post = (word: Word) => channel?.postMessage(word);

    const call = (part: Part, method: string, args: unknown[]) =>
      new Promise<unknown>((resolve, reject) => {
        const id = `${me} ${++calls}`;
        const word: Call = { type: 'call', id, part, name: method, args };
        const timer = setTimeout(() => {
          if (waiting.delete(id)) reject(MessengerError.offline());
        }, PATIENCE_MS);
        const end = (then: (value: never) => void) => (value: unknown) => {
          clearTimeout(timer);
          waiting.delete(id);
          then(value as never);
        };
        waiting.set(id, { resolve: end(resolve), reject: end(reject), word });
        // What has been done here before is told before.
        void keeper.flush();
        post(word);
      });

    /** Nothing of the chat waits: in the store, which has been read, or on its way to the tab that leads. */
    const isFree = (chatId: number) =>
      !early &&
      keeper.replica.waiting(chatId).length === 0 &&
      ![...waiting.values()].some(({ word }) => word.part === 'outbox');

    const makesNew = (name: string, [chatId]: readonly unknown[]) =>
      LOCAL.includes(name) || (CHANGES.includes(name) && isFree(chatId as number));

    /** The part itself where this tab leads; else a stand-in whose methods are carried out there. */
    const remote = <T extends object>(part: Part, local: T): T =>
      new Proxy(local, {
        get: (target, property) => {
          const name = String(property);
          const method = Reflect.get(target, property) as Method;
          return (...args: unknown[]) => {
            const isHere = part === 'outbox' && makesNew(name, args);
            if (isLeading || !channel || isHere) return method.apply(target, args);
            const answer = call(part, name, args);
            if (part !== 'outbox') return answer;
            // Nobody waits for the outbox. When no tab has answered it is done here, and so is in the store; done twice it is the same.
            answer.catch((error: unknown) => {
              if (error instanceof MessengerError && error.code === 'OFFLINE') method.apply(target, args);
            });
            return undefined;
          };
        },
      });

    const session = {
      tell: (frame: ClientFrame) => {
        connector.session?.tell(frame);
      },
    };
    // Another tab may look at the same people.
    const far = {
      tell: (frame: ClientFrame) => {
        if (frame.type !== 'presence.unsubscribe') call('session', 'tell', [frame]).catch(() => undefined);
      },
    };

    // eslint-disable-next-line @typescript-eslint/require-await -- whatever goes wrong is the answer
    const carryOut = async ({ part, name: method, args }: Call) => {
      const target = { loader, outbox, session }[part] as unknown as Record<string, Method>;
      return target[method]?.(...args);
    };
    const answer = async (word: Call) => {
      const { id } = word;
      try {
        post({ type: 'answer', id, value: await carryOut(word) });
      } catch (error) {
        const { code, message, status, details } =
          error instanceof MessengerError ? error : new MessengerError('UNKNOWN', String(error));
        post({ type: 'answer', id, error: [code, message, status, details] });
      }
    };

    const hear = (word: Word) => {
      switch (word.type) {
        case 'steps':
          if (early) early.push(...word.steps);
          else for (const step of word.steps) keeper.replica.take(step);
          if (isLeading) outbox.work();
          return;
        case 'status':
          if (isLeading) return;
          connector.say(word.status);
          if (word.status.state === 'online') presence.attach(far);
          return;
        case 'hello':
          if (isLeading) post({ type: 'status', status: connector.status });
          return;
        case 'lead':
          for (const { word: call } of waiting.values()) post(call);
          return;
        case 'call':
          if (isLeading) void answer(word);
          return;
        case 'answer':
          if (word.error) waiting.get(word.id)?.reject(new MessengerError(...word.error));
          else waiting.get(word.id)?.resolve(word.value);
          return;
        case 'ephemeral':
          (ephemera[word.name] as Method).apply(ephemera, word.args);
          return;
        case 'sign-out':
          signOut();
      }
    };

    const lead = (start: () => void) => {
      isLeading = true;
      unwatch = connector.topic.watch(() => {
        post({ type: 'status', status: connector.status });
      });
      ephemera.relay = (what, args) => post({ type: 'ephemeral', name: what, args });
      start();
      // What the leader before has not answered is done here, and by the others asked for again.
      for (const { word, resolve, reject } of [...waiting.values()]) carryOut(word).then(resolve, reject);
      post({ type: 'lead' });
    };

    return {
      loader: remote('loader', loader),
      outbox: remote('outbox', outbox),
      session: far,
      join: (account, opened, start) => {
        const kept: Step[] = (early = []);
        void opened.then(() => {
          if (early !== kept) return;
          early = undefined;
          for (const step of kept) keeper.replica.take(step);
        });
        leaving = new AbortController();
        const { signal } = leaving;
        channel = new BroadcastChannel(`${name}: ${account}`);
        channel.onmessage = ({ data }) => {
          hear(data as Word);
        };
        keeper.onSteps = (steps) => post({ type: 'steps', steps });
        post({ type: 'hello' });
        // What nobody has answered yet would go with this page: of the outbox it is then done here, and so is in the store.
        const giveUp = () => {
          for (const { reject } of [...waiting.values()]) reject(MessengerError.offline());
        };
        // Node.js has no pages.
        if ('addEventListener' in globalThis) addEventListener('pagehide', giveUp, { signal });
        navigator.locks
          .request(`${name}: ${account}`, { signal }, () => {
            lead(start);
            // Until this tab leaves, or is closed.
            return new Promise<void>((resolve) => {
              signal.addEventListener('abort', () => {
                resolve();
              });
            });
          })
          .catch(() => undefined);
      },
      leave: () => {
        leaving.abort();
        unwatch?.();
        isLeading = false;
        keeper.onSteps = ephemera.relay = undefined;
        channel?.close();
        channel = undefined;
      },
      signOut: () => post({ type: 'sign-out' }),
    };
  };
}
