import { isoTime } from '../clock.js';
import type { DatabaseChat, DatabaseState } from './database.js';
import type { Problems } from './findings.js';
import type { History, Sanction } from './history.js';

/** Who is kept from writing writes nothing, from the acknowledgement until somebody begins to lift it. */
export function* checkSanctions({ sanctions }: History, { chats, readers }: DatabaseState): Generator<Problems> {
  const byId = new Map(chats.map((chat) => [chat.id, chat]));
  const isReader = ({ userId, chatId }: Sanction) => {
    return readers.some((each) => each.userId === userId && each.chatId === chatId);
  };
  for (const sanction of sanctions) {
    const chat = byId.get(sanction.chatId);
    yield chat && sanction.isAcknowledged ? [...checkSanction(sanction, chat, isReader(sanction))] : [];
  }
}

function* checkSanction(sanction: Sanction, chat: DatabaseChat, isReader: boolean): Generator<string> {
  const { kind, userId, answeredAt = Infinity, lifting } = sanction;
  const name = `user ${userId}, under a ${kind} in chat ${chat.id}`;
  const isWithin = (time: number) => time > answeredAt && time < (lifting?.begunAt ?? Infinity);
  for (const { id, authorId, createdAt } of chat.messages) {
    if (authorId === userId && isWithin(createdAt)) yield `${name}, wrote message ${id} at ${isoTime(createdAt)}`;
  }
  const isIn = chat.participants.includes(userId);
  if (kind === 'ban') {
    for (const event of chat.events) {
      const isBack = event.kind === 'participant.added' && event.userIds.includes(userId);
      if (isBack && isWithin(event.committedAt)) yield `${name}, was brought in at ${isoTime(event.committedAt)}`;
    }
    if (isIn && !lifting) yield `${name}, is in it`;
    return;
  }
  if (isIn && !lifting && !isReader) yield `${name}, may write`;
  if (isIn && lifting?.isAcknowledged && isReader) yield `${name} that was lifted, may not write`;
}
