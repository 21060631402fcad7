import { keepLoading } from '../keep-loading.js';
import type { Loader } from '../loader.js';
import { sliceOf, type MessageLog } from '../message-log.js';
import type { Replica } from '../replica.js';
import { Topic } from '../topic.js';
import { viewOf, type View } from '../view.js';
import type { Message } from '../wire.js';
import { overlayOf, shownMessage, type ShownMessage } from './shown-message.js';

type Overlay = ReturnType<typeof overlayOf>;

/** The newest messages of a chat, oldest first, without a gap; then what waits to be sent. */
export class MessageList implements Iterable<ShownMessage> {
  readonly #log: MessageLog<Message>;
  readonly #from: number;
  readonly #overlay: Overlay;
  readonly #me: number | undefined;
  readonly length: number;
  readonly #sentCount: number;

  constructor(
    log: MessageLog<Message>,
    from: number,
    overlay: Overlay,
    me: number | undefined,
    /** Whether there are older ones: `loadOlder` brings them. */
    readonly hasOlder: boolean,
    readonly isLoading: boolean,
  ) {
    this.#log = log;
    this.#from = from;
    this.#overlay = overlay;
    this.#me = me;

    this.#sentCount = log.length - from;
    this.length = this.#sentCount + overlay.sends.length;
  }

  /** As `at` of an array: from the end when it is negative. */
  at(place: number): ShownMessage | undefined {
    const index = place < 0 ? this.length + place : place;
    if (index < 0) return undefined;
    if (index >= this.#sentCount) return this.#overlay.sends[index - this.#sentCount];
    const message = this.#log.at(this.#from + index);
    return message && shownMessage(message, this.#me, this.#overlay.changes.get(message.id));
  }

  /** Where the message with this id is; -1: not in this list. */
  indexOf(id: number): number {
    return this.#log.get(id) ? Math.max(-1, this.#log.countBelow(id) - this.#from) : -1;
  }

  /** Those from `start` up to `end`, which is left out: what is on the screen. */
  slice(start = 0, end = this.length): ShownMessage[] {
    return sliceOf(this, Math.max(0, start), Math.min(this.length, end));
  }

  /** From the oldest to the newest. */
  [Symbol.iterator](): Iterator<ShownMessage> {
    return this.slice()[Symbol.iterator]();
  }
}

/** A view of the newest messages that can be made longer. */
export interface MessageWindow extends View<MessageList> {
  /** Makes the window so many messages longer at its old end, of the store or of the server. @throws MessengerError */
  readonly loadOlder: (count?: number) => Promise<void>;
}

/** A window on the newest messages of a chat: what arrives makes it longer, and `loadOlder` does at its other end. */
export function messageWindow(
  replica: Replica,
  loader: Loader,
  connection: Topic,
  chatId: number,
  limit: number,
): MessageWindow {
  /** The window begins with the first message that is not older than this one. */
  let startId: number | undefined;
  let loads = 0;
  const own = new Topic();
  const topic = replica.topicOf(chatId);

  /** Where the window begins among what is held. */
  const startOf = (log: MessageLog<Message>): number => {
    if (startId !== undefined) return log.countBelow(startId);
    const start = Math.max(0, log.length - limit);
    // From now on what arrives makes the window longer.
    if (start > 0) startId = log.at(start)?.id;
    return start;
  };
  const compute = () => {
    const { log, floor } = replica.range(chatId);
    const start = startOf(log);
    const overlay = overlayOf(replica.waiting(chatId), replica.userId);
    return new MessageList(log, start, overlay, replica.userId, start > 0 || floor > 0, loads > 0);
  };
  const setLoading = (by: 1 | -1) => {
    loads += by;
    own.touch();
  };
  const loadOlder = async (count = limit) => {
    setLoading(1);
    try {
      const firstId = replica.range(chatId).log.at(startOf(replica.range(chatId).log))?.id ?? Infinity;
      const heldBefore = () => replica.range(chatId).log.countBelow(firstId);
      while (heldBefore() < count && replica.range(chatId).floor > 0 && replica.chat(chatId)) {
        const { floor } = replica.range(chatId);
        await loader.older(chatId);
        if (replica.range(chatId).floor >= floor) break;
      }
      startId = replica.range(chatId).log.at(Math.max(0, heldBefore() - count))?.id;
    } finally {
      setLoading(-1);
    }
  };
  const view = viewOf([topic, own, connection], compute, () =>
    keepLoading(connection, () => {
      const { log, floor } = replica.range(chatId);
      const missing = limit - (log.length - startOf(log));
      return loads > 0 || floor === 0 || missing <= 0 || !replica.chat(chatId) ? undefined : loadOlder(missing);
    }),
  );
  return { ...view, loadOlder };
}
