import type { HeldChat, OutboxItem, Person, Step } from './held.js';
import { Holdings } from './holdings.js';
import { MessageRange } from './message-range.js';
import type { Stored } from './store.js';
import { Topic } from './topic.js';
import type { UserPresence } from './wire.js';

/** Of a chat that nobody looks at, so many messages stay in memory; the store has the others. */
const UNWATCHED = 200;

const NOTHING = MessageRange.of(0, []);

/** What a step changes beside a chat. */
const TOPICS = {
  position: 'meTopic',
  person: 'peopleTopic',
  'people.reset': 'peopleTopic',
  block: 'blocksTopic',
  'blocks.reset': 'blocksTopic',
  wait: 'outboxTopic',
  settle: 'outboxTopic',
} as Readonly<Partial<Record<Step['type'], 'meTopic' | 'peopleTopic' | 'blocksTopic' | 'outboxTopic'>>>;

/** The user's chats in memory, as far as the client has come. */
export class Replica {
  readonly holdings = new Holdings();
  /** Who is writing, by chat and user. */
  readonly typing = new Map<number, ReadonlySet<number>>();
  readonly presence = new Map<number, UserPresence>();
  /** Any chat, or what the outbox makes of it. */
  readonly chatsTopic = new Topic();
  readonly peopleTopic = new Topic();
  readonly presenceTopic = new Topic();
  readonly blocksTopic = new Topic();
  readonly meTopic = new Topic();
  readonly outboxTopic = new Topic();
  /** The chats that have changed since the list was last made; undefined: perhaps all. */
  changedChats: Set<number> | undefined;
  readonly #chatTopics = new Map<number, Topic>();
  /** What waits, by chat, for as long as it is as it is. */
  readonly #waiting = new Map<number, readonly OutboxItem[]>();

  /** Everything about one chat: its messages, who writes, what waits. */
  topicOf(chatId: number): Topic {
    let topic = this.#chatTopics.get(chatId);
    if (!topic) this.#chatTopics.set(chatId, (topic = new Topic()));
    return topic;
  }

  get userId(): number | undefined {
    return this.holdings.position?.userId;
  }

  chat(chatId: number): HeldChat | undefined {
    return this.holdings.chats.get(chatId);
  }

  range(chatId: number): MessageRange {
    return this.holdings.ranges.get(chatId) ?? NOTHING;
  }

  person(userId: number): Person | undefined {
    return this.holdings.people.get(userId);
  }

  /** What waits in the outbox for a chat, in the order in which it was done. */
  waiting(chatId: number): readonly OutboxItem[] {
    let items = this.#waiting.get(chatId);
    if (!items) {
      items = [...this.holdings.outbox.values()]
        .filter((item) => item.chatId === chatId)
        .sort((one, other) => one.order - other.order);
      this.#waiting.set(chatId, items);
    }
    return items;
  }

  /** Begins with what a store has. Of the messages it has the last of each chat; older ones come when they are asked for. */
  load({ position, chats, people, blocked, outbox }: Stored): void {
    this.take({ type: 'position', position });
    for (const { chat, floor } of chats) {
      this.take({ type: 'chat', chat });
      const last = chat.last_message;
      this.take({ type: 'range', chatId: chat.id, floor: last?.id ?? floor, messages: last ? [last] : [] });
    }
    for (const person of people) this.take({ type: 'person', person });
    for (const user of blocked) this.take({ type: 'block', user, blocked: true });
    for (const item of outbox) this.take({ type: 'wait', item });
  }

  /** Forgets everything, as at the sign-out. */
  clear(): void {
    this.take({ type: 'reset' });
    for (const key of [...this.holdings.outbox.keys()]) this.take({ type: 'settle', key });
    this.holdings.position = undefined;
    this.meTopic.touch();
  }

  take(step: Step): void {
    const { outbox } = this.holdings;
    const chatId = step.type === 'settle' ? outbox.get(step.key)?.chatId : chatIdOf(step);
    this.holdings.take(step);
    const topic = TOPICS[step.type];
    if (topic) this[topic].touch();
    if (step.type === 'reset') {
      this.typing.clear();
      this.peopleTopic.touch();
      this.blocksTopic.touch();
      this.touchAll();
    } else if (step.type === 'person') this.#touchPeer(step.person.id);
    else if (step.type === 'message') this.#trim(step.chatId);
    else if (step.type === 'forget') this.typing.delete(step.chatId);
    else if (topic === 'outboxTopic' && chatId !== undefined) this.#waiting.delete(chatId);
    if (chatId !== undefined) this.touch(chatId);
  }

  touch(chatId: number): void {
    this.changedChats?.add(chatId);
    this.chatsTopic.touch();
    this.#chatTopics.get(chatId)?.touch();
  }

  touchAll(): void {
    this.changedChats = undefined;
    this.chatsTopic.touch();
    for (const topic of this.#chatTopics.values()) topic.touch();
  }

  /** A private chat has the name of its other person. */
  #touchPeer(userId: number): void {
    for (const { id, peer } of this.holdings.chats.values()) if (peer?.id === userId) this.touch(id);
  }

  #trim(chatId: number): void {
    const range = this.range(chatId);
    if (range.log.length <= 2 * UNWATCHED || this.#chatTopics.get(chatId)?.isWatched) return;
    this.holdings.ranges.set(chatId, range.newest(UNWATCHED));
  }
}

function chatIdOf(step: Step): number | undefined {
  if (step.type === 'chat') return step.chat.id;
  if (step.type === 'wait') return step.item.chatId;
  return 'chatId' in step ? step.chatId : undefined;
}
