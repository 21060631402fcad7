import { MessageLog } from './message-log.js';
import type { Message } from './wire.js';

/** What is shown of a message where it is answered. */
export type Preview = NonNullable<Message['reply_to']>;

/** So much of a message is shown where it is answered. */
const EXCERPT = 200;

export function previewOf({ id, author_id, contents }: Message): Preview {
  return { id, author_id, excerpt: Array.from(contents).slice(0, EXCERPT).join('') };
}

export function previewOfDeleted(id: number): Preview {
  return { id, deleted: true };
}

/** A message of an event is the same for everybody. @param held the same message as it was. */
export function withOwn(message: Message, held: Message | undefined): Message {
  return message.reactions && !message.my_reactions ? { ...message, my_reactions: held?.my_reactions ?? [] } : message;
}

/** The messages of a chat from `floor` on, with nothing left out between; 0: from the first one. */
export class MessageRange {
  private constructor(
    readonly floor: number,
    readonly log: MessageLog<Message>,
  ) {}

  static of(floor: number, messages: Iterable<Message>): MessageRange {
    return new MessageRange(floor, MessageLog.of(messages));
  }

  put(change: Message): MessageRange {
    const message = withOwn(change, this.log.get(change.id));
    const log = message.id < this.floor ? this.log : this.log.put(message);
    return this.#with(log, previewOf(message));
  }

  remove(id: number): MessageRange {
    return this.#with(this.log.remove(id), previewOfDeleted(id));
  }

  /** With this preview in the messages that answer it. */
  #with(log: MessageLog<Message>, preview: Preview): MessageRange {
    let changed = log;
    if (preview.id < (log.last?.id ?? 0)) {
      for (const message of log)
        if (message.reply_to?.id === preview.id) changed = changed.put({ ...message, reply_to: preview });
    }
    return new MessageRange(this.floor, changed);
  }

  /** With what comes before, down to `floor`. Where there would be a gap, it stays as it is. */
  extend(below: number, floor: number, messages: readonly Message[]): MessageRange {
    if (below < this.floor || floor >= this.floor) return this;
    let log = this.log;
    for (const message of messages) if (message.id < this.floor) log = log.put(message);
    return new MessageRange(floor, log);
  }

  /** Only the newest ones. */
  newest(count: number): MessageRange {
    const log = this.log.newest(count);
    return log.length === this.log.length ? this : new MessageRange(log.first?.id ?? this.floor, log);
  }

  /** Up to `limit` messages right before an id, and down to where nothing is missing. */
  older(below: number, limit: number): { floor: number; messages: Message[] } {
    const end = this.log.countBelow(below);
    const start = Math.max(0, end - limit);
    const messages = this.log.slice(start, end);
    return { floor: start > 0 ? (messages[0]?.id ?? below) : Math.min(this.floor, below), messages };
  }
}
