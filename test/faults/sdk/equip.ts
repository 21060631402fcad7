import 'fake-indexeddb/auto';
import { indexedDbStore } from '../../../sdk/src/indexeddb/index.js';
import { memoryStore } from '../../../sdk/src/memory-store.js';
import type { Equip } from '../load/world.js';
import { OutboxRecord } from './outbox-record.js';
import { OutboxWriter } from './outbox-writer.js';
import { SdkDevice } from './sdk-device.js';

const INDEXED_DB_CHANCE = 0.5;

export const equipWithSdk: Equip = (person, kinds, surroundings) => {
  const { ledger, random } = surroundings;
  const record = new OutboxRecord(person, ledger);
  const devices = kinds.map((kind, index) => {
    const isLasting = random.chance(INDEXED_DB_CHANCE);
    const name = `device ${index + 1} (${kind}, ${isLasting ? 'IndexedDB' : 'memory'}) of user ${person.id}`;
    const store = isLasting ? indexedDbStore({ name }) : memoryStore();
    return new SdkDevice(name, kind, person, store, record, { ...surroundings, random: random.fork() });
  });
  return { devices, writer: new OutboxWriter(devices, record, random.fork()) };
};
