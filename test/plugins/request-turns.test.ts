import { expect, it } from 'vitest';
import { useApp } from '../support/app.js';
import { call } from '../support/client.js';

const test = useApp({ trustProxy: true });

const from = (address: string) => call(test, 'GET', '/user/me', { headers: { 'x-forwarded-for': address } });

it('lets a network that asks once go before most of what another asks at the same time', async () => {
  await from('192.0.2.1');
  let answered = 0;
  const flood = Array.from({ length: 2000 }, () => from('192.0.2.1').then(() => answered++));
  await from('198.51.100.7');
  expect(answered).toBeLessThan(500);
  await Promise.all(flood);
  expect(answered).toBe(2000);
});

it('counts the addresses of an IPv6 network as one', async () => {
  let answered = 0;
  const flood = Array.from({ length: 1000 }, (_, index) =>
    from(`2001:db8::${index.toString(16)}`).then(() => answered++),
  );
  await from('2001:db8:1::1');
  expect(answered).toBeLessThan(300);
  await Promise.all(flood);
});
