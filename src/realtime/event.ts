/** Something that happened in a chat, for those who take part in it. */
export interface ChatEvent {
  readonly type: string;
  readonly chatId: number;
  /** The number of the durable change; not there: the event is for those who are there now. */
  readonly pts?: number;
  readonly data?: unknown;
  /** From this change on these users take part. */
  readonly added?: readonly number[];
  /** This change is the last that these users hear of. */
  readonly removed?: readonly number[];
  /** Who needs not be told, because it is they who did it. */
  readonly exceptUserId?: number;
}

/** A hint that the chat has come that far: whoever is behind asks what has happened. */
export function chatAdvanced(chatId: number, pts: number): ChatEvent {
  return { type: 'chat.advanced', chatId, pts };
}

/** What services tell once a change is committed. Neither waits nor fails: what gets lost is healed. */
export interface Publisher {
  /** To everyone who takes part in the chat. */
  publish(event: ChatEvent): void;
  /** To users, wherever they are; one with a pts is about a chat that is new to them. */
  tell(userIds: readonly number[], event: ChatEvent): void;
}

/** An event on its way: encoded once, however many it reaches. */
export class EncodedEvent {
  #text: string | undefined;
  #wire: string | undefined;

  private constructor(
    readonly event: Partial<Omit<ChatEvent, 'type' | 'data'>>,
    encode: () => string,
  ) {
    this.#encode = encode;
  }

  readonly #encode: () => string;

  static of({ type, data, ...event }: ChatEvent): EncodedEvent {
    return new EncodedEvent(event, () =>
      JSON.stringify({ type, chat_id: event.chatId, ...(event.pts !== undefined && { pts: event.pts }), data }),
    );
  }

  /** That something has changed, and no more: whoever gets it looks. */
  static hint(): EncodedEvent {
    return new EncodedEvent({}, () => '');
  }

  /** The frame, as clients get it. */
  get text(): string {
    this.#text ??= this.#encode();
    return this.#text;
  }

  /** What a node must know of it stands before the frame, so that none needs to decode that. */
  toWire(): string {
    this.#wire ??= `${JSON.stringify(this.event)}\n${this.text}`;
    return this.#wire;
  }

  static fromWire(wire: string): EncodedEvent {
    const end = wire.indexOf('\n');
    const event = JSON.parse(wire.slice(0, end)) as EncodedEvent['event'];
    return new EncodedEvent(event, () => wire.slice(end + 1));
  }
}
