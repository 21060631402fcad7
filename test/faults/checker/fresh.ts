import { isDeepStrictEqual } from 'node:util';
import type { HeldChat, HeldMessage } from '../../client/replica.js';
import type { DatabaseState } from './database.js';
import type { Problems } from './findings.js';
import type { DeviceHistory, History, Reaction } from './history.js';

/** Messages on a device are as a new client would get them, with all that belongs to them, and no acknowledged reaction is lost. */
export function* checkFresh(
  { devices, fresh, reactions }: History,
  { chats, reactions: kept }: DatabaseState,
): Generator<Problems> {
  for (const device of devices) {
    for (const [chatId, messages] of fresh.get(device.userId) ?? []) {
      yield [...compare(device, chatId, device.chats.get(chatId)?.messages, messages)];
    }
  }
  const there = new Set(chats.flatMap(({ messages }) => messages.map(({ id }) => id)));
  const given = new Set(kept.map(keyOf));
  for (const reaction of reactions) {
    const isLost = reaction.isAcknowledged && there.has(reaction.messageId) && !given.has(keyOf(reaction));
    yield isLost ? [`the acknowledged reaction ${keyOf(reaction)} is lost`] : [];
  }
}

/** That a message is missing, or should be gone, is for checkState to say. */
function* compare(
  { name }: DeviceHistory,
  chatId: number,
  held: HeldChat['messages'] | undefined,
  messages: HeldChat['messages'],
): Generator<string> {
  for (const [id, message] of messages) {
    const mine = held?.get(id);
    if (!mine) continue;
    const [has, should] = [mine, message].map(compared);
    if (!isDeepStrictEqual(has, should)) {
      yield `${name}, chat ${chatId}: message ${id} is ${JSON.stringify(has)}, not ${JSON.stringify(should)}`;
    }
  }
}

/** A device knows its own reactions as far as a sync has said. What is written, and by whom, is for checkState as well. */
function compared({ replyTo, reactions, threadId, thread, mentions, custom, ...more }: HeldMessage): object {
  const { pinned, poll, forwarded } = more;
  return { replyTo, reactions, threadId, thread, mentions, custom, pinned, poll, forwarded };
}

function keyOf({ userId, messageId, emoji }: Omit<Reaction, 'isAcknowledged'>): string {
  return `${emoji} of user ${userId} to message ${messageId}`;
}
