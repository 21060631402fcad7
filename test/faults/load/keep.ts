import { close } from './ledger.js';
import { ask, type Scene } from './scene.js';
import { FOLDER } from './world.js';

/** Says that a device has the message. */
export async function markDelivered(scene: Scene): Promise<void> {
  const { ledger, person, chat, messageId } = scene;
  const reading = ledger.openReading(person.id, chat.id, 'delivered');
  const path = `/chat/${chat.id}/delivered`;
  const given = await ask(scene, { method: 'POST', path, body: { message_id: messageId } });
  if (given) ledger.answerReading(reading, given);
}

/** Into the folder whence nobody takes anything. */
export async function putIntoFolder(scene: Scene): Promise<void> {
  const { ledger, person, chat } = scene;
  const deposit = ledger.begin(ledger.deposits, { userId: person.id, what: 'folder', targetId: chat.id });
  const given = await ask(scene, { method: 'PUT', path: `/user/folders/${FOLDER}/chats/${chat.id}` });
  close(deposit, given !== undefined);
}
