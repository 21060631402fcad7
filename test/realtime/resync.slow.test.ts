import { expect, it } from 'vitest';
import { Node } from './node.js';

it('asks to sync at once when the broker is back, and once more for however often it was back since', async () => {
  const node = new Node();
  const { wire } = await node.openFor(1);
  const asked = () => wire.frames.filter(({ type }) => type === 'resync').length;
  for (let count = 0; count < 5; count++) node.realtime.brokerReturned();
  await expect.poll(asked).toBe(1);
  await expect.poll(asked, { timeout: 10_000 }).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 6000));
  expect(asked()).toBe(2);
});
