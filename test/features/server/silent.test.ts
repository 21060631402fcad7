import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { expectError, register } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp();

describe('a silent message', () => {
  it('is unread for nobody, be it of the application or of a user', async () => {
    const [host, ada, bob] = await Promise.all([Host.of(test), register(test), register(test)]);
    const chatId = await ada.openPrivate(bob);
    const url = `/server/chats/${chatId}/message`;
    const byApp = await host.post(url, { contents: 'Your parcel is on its way.', silent: true, client_id: 'one' });
    expect(byApp.body).toMatchObject({ silent: true });
    const byAda = await host.as(String(ada.id), 'POST', url, { contents: 'by a program', silent: true });
    expect(byAda.body).toMatchObject({ silent: true, author_id: ada.id, via_key_id: host.keyId });
    expect((await bob.get(`/chat/${chatId}`)).body).toMatchObject({
      unread_count: 0,
      last_message: { id: byAda.body.id, silent: true },
    });
    await ada.send(chatId, 'hello');
    for (const { unread_count } of (await bob.get('/user/chats')).body.chats) expect(unread_count).toBe(1);
    const again = await host.post(url, { contents: 'Your parcel is on its way.', silent: true, client_id: 'one' });
    expect(again.body).toEqual({ ...byApp.body, deduplicated: true });
  });

  it('is like any other with silent: false', async () => {
    const [host, ada, bob] = await Promise.all([Host.of(test), register(test), register(test)]);
    const chatId = await ada.openPrivate(bob);
    const url = `/server/chats/${chatId}/message`;
    const byApp = await host.post(url, { contents: 'one', silent: false });
    const byAda = await host.as(String(ada.id), 'POST', url, { contents: 'two', silent: false });
    expect(byApp.body).not.toHaveProperty('silent');
    expect(byAda.body).not.toHaveProperty('silent');
    expect((await bob.get(`/chat/${chatId}`)).body.unread_count).toBe(2);
  });

  it('is for the host application alone', async () => {
    const [host, ada, bob] = await Promise.all([Host.of(test), register(test), register(test)]);
    const chatId = await ada.openPrivate(bob);
    const message = { contents: 'hush', silent: true };
    const url = `/chat/${chatId}/message`;
    for (const answer of [await ada.post(url, message), await host.as(String(ada.id), 'POST', url, message)]) {
      expectError(answer, 422, 'VALIDATION_ERROR', { errors: { silent: expect.any(String) } });
    }
  });
});
