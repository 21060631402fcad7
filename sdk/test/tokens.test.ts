import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { registerMany, type Person } from '../../test/support/client.js';
import { Host } from '../../test/support/host.js';
import { useServer } from '../../test/support/socket.js';
import { memoryStore } from '../src/memory-store.js';
import type { TokenReason } from '../src/token-source.js';
import { deviceOf, online, onlineDevice, texts } from './support/device.js';
import { Network } from './support/network.js';

const test = useServer();

/** Remembers why tokens were asked for. */
function counting(give: (reason: TokenReason) => string | null) {
  const reasons: TokenReason[] = [];
  const getToken = ({ reason }: { reason: TokenReason }) => {
    reasons.push(reason);
    return give(reason);
  };
  return { reasons, getToken };
}

async function ada(): Promise<Person> {
  const [person] = (await registerMany(test, 1)) as [Person];
  return person;
}

describe('a token', () => {
  it('is renewed in place before it ends, whatever the clock of the device says', async () => {
    const person = await ada();
    const { reasons, getToken } = counting(() => test.app.createAccessToken(person.id, { ttlSeconds: 2 }));
    const network = await Network.to(test);
    const device = await onlineDevice(person, { url: network.url, getToken });
    const states = new Set<string>();
    device.connection.subscribe(() => states.add(device.connection.getSnapshot().state));
    await sleep(3200);
    expect([...states]).toEqual([]);
    expect(reasons[0]).toBe('start');
    expect(new Set(reasons.slice(1))).toEqual(new Set(['expiring']));
    expect(reasons.length).toBeLessThan(10);
  });

  it('that has expired is replaced', async () => {
    const person = await ada();
    const { reasons, getToken } = counting((reason) =>
      reason === 'start' ? test.app.createAccessToken(person.id, { ttlSeconds: -10 }) : person.token,
    );
    const device = deviceOf(person, { getToken });
    await online(device);
    expect(reasons).toEqual(['start', 'expired']);
  });

  it('is asked for once, however many need it', async () => {
    const person = await ada();
    const { reasons, getToken } = counting(() => person.token);
    const device = deviceOf(person, { getToken });
    await Promise.all(Array.from({ length: 5 }, () => device.ask('GET', '/user/me')));
    await online(device);
    expect(reasons).toEqual(['start']);
  });

  it('that is refused twice ends it: there is no loop', async () => {
    const person = await ada();
    const { reasons, getToken } = counting(() => test.app.createAccessToken(person.id, { ttlSeconds: -10 }));
    const network = await Network.to(test);
    const device = deviceOf(person, { url: network.url, getToken });
    await expect
      .poll(() => device.connection.getSnapshot())
      .toMatchObject({ state: 'unauthorized', reason: 'NOT_AUTHORIZED' });
    await sleep(300);
    expect(reasons).toEqual(['start', 'expired']);
    expect(network.tries).toBeLessThanOrEqual(2);
  });

  it('that was revoked ends it at once', async () => {
    const person = await ada();
    const { reasons, getToken } = counting(() => person.token);
    const device = await onlineDevice(person, { getToken });
    await (await Host.of(test)).post(`/server/users/${person.id}/revoke`, {});
    await expect
      .poll(() => device.connection.getSnapshot())
      .toEqual({ state: 'unauthorized', reason: 'TOKEN_REVOKED' });
    await sleep(100);
    expect(reasons).toEqual(['start']);
    await expect(device.ask('GET', '/user/me')).rejects.toMatchObject({ code: 'UNAUTHORIZED', status: 401 });
  });

  it('null says that nobody is signed in', async () => {
    const { reasons, getToken } = counting(() => null);
    const device = deviceOf(await ada(), { getToken });
    await expect.poll(() => device.connection.getSnapshot()).toEqual({ state: 'unauthorized', reason: 'SIGNED_OUT' });
    device.connect();
    await expect.poll(() => reasons).toEqual(['start', 'start']);
  });

  it('that can not be had is asked for again, ever more slowly, while what is kept can be read', async () => {
    const person = await ada();
    const [bob] = (await registerMany(test, 1)) as [Person];
    const group = await person.openGroup([bob]);
    await person.send(group, 'hello');
    const options = { store: memoryStore(), account: 'ada' };
    (await onlineDevice(person, options)).close();
    let calls = 0;
    let isAway = true;
    const getToken = () => {
      calls++;
      if (isAway) throw new Error('no network');
      return person.token;
    };
    const device = deviceOf(person, { ...options, getToken });
    await expect.poll(() => texts(device, group)).toEqual(['hello']);
    await expect.poll(() => device.connection.getSnapshot().state).toBe('offline');
    await sleep(500);
    expect(calls).toBeGreaterThan(1);
    expect(calls).toBeLessThan(12);
    isAway = false;
    await online(device);
  });
});
