import type { HeldChat, OutboxItem, Person, Position, Step } from './held.js';
import { MessageRange } from './message-range.js';
import type { ShortUser } from './wire.js';

/** What is kept of a user, and how each step changes it. */
export class Holdings {
  position: Position | undefined;
  readonly chats = new Map<number, HeldChat>();
  readonly ranges = new Map<number, MessageRange>();
  readonly people = new Map<number, Person>();
  readonly blocked = new Map<number, ShortUser>();
  readonly outbox = new Map<string, OutboxItem>();

  take(step: Step): void {
    switch (step.type) {
      case 'reset':
        for (const each of [this.chats, this.ranges, this.people, this.blocked]) each.clear();
        return;
      case 'position':
        this.position = step.position;
        return;
      case 'chat':
        this.chats.set(step.chat.id, step.chat);
        return;
      case 'forget':
        this.chats.delete(step.chatId);
        this.ranges.delete(step.chatId);
        return;
      case 'range':
        this.ranges.set(step.chatId, MessageRange.of(step.floor, step.messages));
        return;
      case 'page':
        this.#change(step.chatId, (range) => range.extend(step.below, step.floor, step.messages));
        return;
      case 'message':
        this.#change(step.chatId, (range) => range.put(step.message));
        return;
      case 'message.gone':
        this.#change(step.chatId, (range) => range.remove(step.id));
        return;
      case 'person':
        this.people.set(step.person.id, step.person);
        return;
      case 'people.reset':
        this.people.clear();
        return;
      case 'block':
        if (step.blocked) this.blocked.set(step.user.id, step.user);
        else this.blocked.delete(step.user.id);
        return;
      case 'blocks.reset':
        this.blocked.clear();
        return;
      case 'wait':
        this.outbox.set(step.item.key, step.item);
        return;
      case 'settle':
        this.outbox.delete(step.key);
    }
  }

  #change(chatId: number, change: (range: MessageRange) => MessageRange): void {
    const range = this.ranges.get(chatId);
    if (range) this.ranges.set(chatId, change(range));
  }
}
