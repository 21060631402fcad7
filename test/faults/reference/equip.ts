import type { Equip } from '../load/world.js';
import { ReferenceDevice } from './reference-device.js';
import { RequestWriter } from './request-writer.js';

export const equipWithReference: Equip = (person, kinds, { servers, ledger, random }) => {
  const devices = kinds.map((kind, index) => {
    const name = `device ${index + 1} (${kind}) of user ${person.id}`;
    return new ReferenceDevice(name, kind, person, servers, random.fork());
  });
  return { devices, writer: new RequestWriter(person, devices, servers, ledger, random) };
};
