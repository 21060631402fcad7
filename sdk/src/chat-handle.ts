import type { Person } from './held.js';
import { keepLoading } from './keep-loading.js';
import type { Loader } from './loader.js';
import type { Outbox } from './outbox.js';
import type { Replica } from './replica.js';
import type { Session } from './session.js';
import type { Topic } from './topic.js';
import { shownChat, type ShownChat } from './views/chat-list.js';
import { messageWindow, type MessageWindow } from './views/message-window.js';
import { viewOf, type View } from './view.js';
import type { ChangeChatSettings, EditOptions, SendOptions } from './wire.js';

const WINDOW = 50;
/** How often others are told that the user is writing. */
const TYPING_EVERY_MS = 3000;

/** The list as it was when the same is in it: a view tells of a change by another one. */
function sameOr<T>(previous: readonly T[] | undefined, now: readonly T[]): readonly T[] {
  return previous?.length === now.length && now.every((each, at) => previous[at] === each) ? previous : now;
}

/** What a chat needs of its client. */
export interface ChatContext {
  readonly replica: Replica;
  readonly loader: Loader;
  readonly outbox: Outbox;
  readonly connection: Topic;
  readonly session: () => Pick<Session, 'tell'> | undefined;
  /** The server's time, as far as it is known. */
  readonly now: () => Date;
}

/** A chat of the user: what is in it, and what one can do there. */
export class ChatHandle {
  readonly #context: ChatContext;
  /** undefined: there is no such chat, or it is not known yet. */
  readonly info: View<ShownChat | undefined>;
  /** The ids of those who are writing. */
  readonly typing: View<readonly number[]>;
  /** Who takes part; undefined until it is known. */
  readonly participants: View<readonly Person[] | undefined>;
  #toldTypingAt = 0;

  constructor(
    readonly id: number,
    context: ChatContext,
  ) {
    this.#context = context;

    const { replica, loader } = context;
    const topic = replica.topicOf(id);
    this.info = viewOf([topic, replica.peopleTopic], () => {
      const chat = replica.chat(id);
      return chat && shownChat(replica, chat);
    });
    this.typing = viewOf([topic], (previous) => sameOr(previous, [...(replica.typing.get(id) ?? [])]));
    this.participants = viewOf(
      [topic, replica.peopleTopic],
      (previous) => {
        const people = replica.chat(id)?.participants?.flatMap((each) => replica.person(each) ?? []);
        return people && sameOr(previous, people);
      },
      () =>
        keepLoading(topic, () => {
          const chat = replica.chat(id);
          return chat && !chat.participants ? loader.participants(id) : undefined;
        }),
    );
  }

  /** A live window on the newest messages. */
  messages({ limit = WINDOW }: { readonly limit?: number } = {}): MessageWindow {
    const { replica, loader, connection } = this.#context;
    return messageWindow(replica, loader, connection, this.id, limit);
  }

  /** Sends a text, now or as soon as there is a connection. @returns the key of the message. */
  send(contents: string, given?: SendOptions): string {
    this.#toldTypingAt = 0;
    return this.#context.outbox.send(this.id, contents, this.#context.now().toISOString(), given);
  }

  /** Gives a message of the user's another text. @param message its id, or the key of one that waits. */
  edit(message: number | string, contents: string, given?: EditOptions): void {
    this.#context.outbox.edit(this.id, message, contents, given);
  }

  /** Deletes a message of the user's, for everybody. @param message its id, or the key of one that waits. */
  delete(message: number | string): void {
    this.#context.outbox.delete(this.id, message);
  }

  /** Tries again what has failed. @param waitingKey of the message. */
  retry(waitingKey: string): void {
    this.#context.outbox.retry(waitingKey);
  }

  /** Gives up what has failed. @param waitingKey of the message. */
  discard(waitingKey: string): void {
    this.#context.outbox.discard(waitingKey);
  }

  /** Everything up to a message is read; without one, everything that is here. */
  markRead(messageId = this.#context.replica.range(this.id).log.last?.id): void {
    if (messageId !== undefined) this.#context.outbox.read(this.id, messageId);
  }

  /** Mutes, pins or archives the chat, for the user alone. */
  settings(settings: ChangeChatSettings): void {
    this.#context.outbox.settings(this.id, settings);
  }

  /** Says that the user is writing. It may be called with each key: others are told every few seconds. */
  setTyping(): void {
    const now = Date.now();
    if (now - this.#toldTypingAt < TYPING_EVERY_MS) return;
    this.#toldTypingAt = now;
    this.#context.session()?.tell({ type: 'typing', chat_id: this.id });
  }
}
