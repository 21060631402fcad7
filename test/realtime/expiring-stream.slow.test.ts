import { describe, expect, it } from 'vitest';
import { registerMany, type Person } from '../support/client.js';
import { EventReader } from '../support/event-reader.js';
import { useServer } from '../support/socket.js';

const test = useServer();

describe('GET /events with a token that expires', () => {
  it('ends five seconds before, and misses nothing with the next token', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    const token = test.app.createAccessToken(bob.id, { ttlSeconds: 7 });
    const before = await EventReader.open({ test, token });
    await ada.send(chatId, '1');
    expect(await before.event()).toMatchObject({ type: 'message.created', pts: 2 });
    const id = await before.id();
    const last = await before.event();
    expect(last.type).toBe('token.expiring');
    const { expires_at } = last as unknown as { expires_at: string };
    expect(Date.parse(expires_at)).toBe((await test.app.identify(token))?.expiresAt);
    expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(3000);
    await before.ended();
    await ada.send(chatId, '2');
    const after = await EventReader.open(bob, id);
    expect(await after.event()).toMatchObject({ type: 'message.state', pts: 3 });
    await ada.send(chatId, '3');
    expect(await after.event()).toMatchObject({ type: 'message.created', pts: 4 });
  });
});
