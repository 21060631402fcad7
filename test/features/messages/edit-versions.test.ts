import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { asRead, expectError, register, type Person } from '../../support/client.js';

const test = useApp();

async function sent(
  contents = 'hullo',
): Promise<{ ada: Person; bob: Person; chatId: number; id: number; version: number }> {
  const [ada, bob] = [await register(test), await register(test)];
  const chatId = await ada.openPrivate(bob);
  const { id, pts } = await ada.send(chatId, contents);
  return { ada, bob, chatId, id, version: pts };
}

describe('the version of a message', () => {
  it('is the same wherever the message is shown, and ascends with each change', async () => {
    const { ada, bob, chatId, id, version } = await sent();
    const page = async () => (await bob.get(`/chat/${chatId}/messages`)).body.messages[0];
    expect(await page()).toMatchObject({ id, version });
    const { body } = await ada.patch(`/message/${id}`, { contents: 'hello', if_version: version });
    expect(body).toMatchObject({ contents: 'hello', version: body.pts });
    expect(body.version).toBeGreaterThan(version);
    expect(await page()).toEqual(asRead(body));
    expect((await bob.get(`/chat/${chatId}`)).body.last_message).toEqual(asRead(body));
  });

  it('refuses an edit and a deletion of what has changed meanwhile, and shows how it is', async () => {
    const { ada, chatId, id, version } = await sent();
    const { body: newer } = await ada.patch(`/message/${id}`, { contents: 'newer' });
    for (const answer of [
      await ada.patch(`/message/${id}`, { contents: 'late', if_version: version }),
      await ada.delete(`/message/${id}?if_version=${version}`),
    ]) {
      expectError(answer, 409, 'CHANGED_MEANWHILE', { current: asRead(newer) });
    }
    expect((await ada.get(`/chat/${chatId}`)).body).toMatchObject({ pts: newer.pts, last_message: asRead(newer) });
    expect((await ada.delete(`/message/${id}?if_version=${newer.version}`)).status).toBe(200);
    expectError(await ada.delete(`/message/${id}?if_version=${newer.version}`), 404, 'MESSAGE_DOES_NOT_EXIST');
  });

  it('is shown to nobody but the author by a refusal', async () => {
    const { bob, id } = await sent();
    const outsider = await register(test);
    const late = { contents: 'late', if_version: 1 };
    expectError(await bob.patch(`/message/${id}`, late), 403, 'NOT_THE_OWNER');
    expectError(await outsider.patch(`/message/${id}`, late), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await outsider.delete(`/message/${id}?if_version=1`), 404, 'MESSAGE_DOES_NOT_EXIST');
  });

  it('lets one of two racing edits through', async () => {
    const { ada, id, version } = await sent();
    const edit = (contents: string) => ada.patch(`/message/${id}`, { contents, if_version: version });
    const answers = await Promise.all(['one', 'two', 'three'].map(edit));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });
});

describe('the client_id of an edit', () => {
  it('answers a repeat as the edit, which takes no number again', async () => {
    const { ada, chatId, id, version } = await sent();
    const edit = { contents: 'hello', client_id: 'edit 1', if_version: version };
    const { body: first } = await ada.patch(`/message/${id}`, edit);
    expect(first).not.toHaveProperty('deduplicated');
    expect((await ada.patch(`/message/${id}`, edit)).body).toEqual({ ...first, deduplicated: true });
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(first.pts);
  });

  it('never overwrites what is newer', async () => {
    const { ada, id, version } = await sent();
    const edit = { contents: 'hello', client_id: 'edit 1', if_version: version };
    await ada.patch(`/message/${id}`, edit);
    const { body: newer } = await ada.patch(`/message/${id}`, { contents: 'newer', client_id: 'edit 2' });
    expectError(await ada.patch(`/message/${id}`, edit), 409, 'CHANGED_MEANWHILE', { current: asRead(newer) });
  });

  it('is one edit for racing repeats', async () => {
    const { ada, chatId, id, version } = await sent();
    const edit = { contents: 'hello', client_id: 'edit 1', if_version: version };
    const answers = await Promise.all(Array.from({ length: 5 }, () => ada.patch(`/message/${id}`, edit)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(answers.filter(({ body }) => body.deduplicated !== true)).toHaveLength(1);
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(version + 1);
  });

  it.each([{ client_id: '' }, { client_id: 'x'.repeat(65) }, { if_version: -1 }, { if_version: 'x' }])(
    'refuses %o',
    async (more) => {
      const { ada, id } = await sent();
      const answer = await ada.patch(`/message/${id}`, { contents: 'x', ...more });
      const errors = { [Object.keys(more)[0]!]: expect.any(String) };
      expectError(answer, 422, 'VALIDATION_ERROR', { errors });
    },
  );
});
