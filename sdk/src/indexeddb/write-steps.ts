import type { IDBPTransaction } from 'idb';
import type { Step } from '../held.js';
import { previewOf, previewOfDeleted, withOwn, type Preview } from '../message-range.js';
import { TABLES, type Schema } from './schema.js';

type Transaction = IDBPTransaction<Schema, typeof TABLES, 'readwrite'>;

const REPLICA = TABLES.filter((table) => table !== 'position' && table !== 'outbox');

export function messagesOf(chatId: number, below = Infinity): IDBKeyRange {
  return IDBKeyRange.bound([chatId], [chatId, below], false, true);
}

/** Writes steps within a transaction, in their order. */
export async function writeSteps(transaction: Transaction, steps: readonly Step[]): Promise<void> {
  const floors = new Map<number, number | undefined>();
  const floorOf = async (chatId: number) => {
    if (!floors.has(chatId)) floors.set(chatId, await transaction.objectStore('floors').get(chatId));
    return floors.get(chatId) ?? Infinity;
  };
  const previews = new Map<number, Preview>();
  // What is read afresh has newer ones.
  const changeReplies = async () => {
    await Promise.all([...previews.values()].map((preview) => changeRepliesTo(transaction, preview)));
    previews.clear();
  };
  for (const step of withoutOvertaken(steps)) {
    if (step.type === 'page' || step.type === 'range') await changeReplies();
    if (step.type === 'message') {
      if (step.message.id >= (await floorOf(step.chatId))) {
        put(transaction.objectStore('messages').put(await withKept(transaction, step), [step.chatId, step.message.id]));
      }
      previews.set(step.message.id, previewOf(step.message));
    } else if (step.type === 'message.gone') {
      put(transaction.objectStore('messages').delete([step.chatId, step.id]));
      previews.set(step.id, previewOfDeleted(step.id));
    } else if (step.type === 'page') {
      // Elsewhere there would be a gap.
      if (step.below < (await floorOf(step.chatId))) continue;
      for (const message of step.messages) {
        put(transaction.objectStore('messages').put(message, [step.chatId, message.id]));
      }
      put(transaction.objectStore('floors').put(step.floor, step.chatId));
      floors.set(step.chatId, step.floor);
    } else {
      if (step.type === 'range') floors.set(step.chatId, step.floor);
      else if (step.type === 'forget') floors.set(step.chatId, undefined);
      else if (step.type === 'reset') floors.clear();
      writeStep(transaction, step);
    }
  }
  await changeReplies();
}

/** What goes wrong with one of them makes the transaction fail, and that is where it is noticed. */
function put(request: Promise<unknown>): void {
  request.catch(() => undefined);
}

/** The message with what an event leaves out. */
async function withKept(transaction: Transaction, { chatId, message }: Extract<Step, { type: 'message' }>) {
  if (!message.reactions || message.my_reactions) return message;
  return withOwn(message, await transaction.objectStore('messages').get([chatId, message.id]));
}

/** The messages that answer one show it as it is now. */
async function changeRepliesTo(transaction: Transaction, preview: Preview): Promise<void> {
  let cursor = await transaction.objectStore('messages').index('replies').openCursor(preview.id);
  while (cursor) {
    put(cursor.update({ ...cursor.value, reply_to: preview }));
    cursor = await cursor.continue();
  }
}

function writeStep(transaction: Transaction, step: Exclude<Step, { type: 'message' | 'message.gone' | 'page' }>): void {
  switch (step.type) {
    case 'reset':
      for (const table of REPLICA) put(transaction.objectStore(table).clear());
      return;
    case 'position':
      put(transaction.objectStore('position').put(step.position, 'position'));
      return;
    case 'chat':
      put(transaction.objectStore('chats').put(step.chat, step.chat.id));
      return;
    case 'forget':
      put(transaction.objectStore('chats').delete(step.chatId));
      put(transaction.objectStore('floors').delete(step.chatId));
      put(transaction.objectStore('messages').delete(messagesOf(step.chatId)));
      return;
    case 'range':
      put(transaction.objectStore('messages').delete(messagesOf(step.chatId)));
      for (const message of step.messages) {
        put(transaction.objectStore('messages').put(message, [step.chatId, message.id]));
      }
      put(transaction.objectStore('floors').put(step.floor, step.chatId));
      return;
    case 'person':
      put(transaction.objectStore('people').put(step.person, step.person.id));
      return;
    case 'people.reset':
      put(transaction.objectStore('people').clear());
      return;
    case 'block':
      if (step.blocked) put(transaction.objectStore('blocked').put(step.user, step.user.id));
      else put(transaction.objectStore('blocked').delete(step.user.id));
      return;
    case 'blocks.reset':
      put(transaction.objectStore('blocked').clear());
      return;
    case 'wait':
      put(transaction.objectStore('outbox').put(step.item, step.item.key));
      return;
    case 'settle':
      put(transaction.objectStore('outbox').delete(step.key));
  }
}

/** Without the states of a chat, and the positions, that later steps of the same batch replace. */
function withoutOvertaken(steps: readonly Step[]): Step[] {
  const seen = new Set<number | string>();
  const left: Step[] = [];
  for (const step of steps.toReversed()) {
    const key = step.type === 'chat' ? step.chat.id : step.type === 'position' ? 'position' : undefined;
    if (key !== undefined && seen.has(key)) continue;
    if (key !== undefined) seen.add(key);
    // What comes before is forgotten with it, and has to be put before it.
    if (step.type === 'forget') seen.delete(step.chatId);
    if (step.type === 'reset') seen.clear();
    left.push(step);
  }
  return left.reverse();
}
