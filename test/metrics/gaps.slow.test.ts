import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { registerMany, type Person } from '../support/client.js';
import { growth } from '../support/growth.js';
import { useServer } from '../support/socket.js';

const test = useServer();

it('no gap is counted for people who are not connected', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const joined = async () => {
    await ada.openGroup([bob]);
    // The reconciler looks every 1.5 s, and twice before it calls something a gap.
    await sleep(5000);
  };
  expect(await growth(joined, 'messenger_gaps_found_total')).toBe(0);
});
