import pLimit from 'p-limit';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { Server, emptyFolder, environment, registerOn } from '../support/server.js';

describe('a kill', () => {
  it('during a hundred sends at a time loses none that was acknowledged, and doubles none', async () => {
    const settings = await environment();
    const cwd = await emptyFolder();
    const server = await Server.start(settings, cwd);
    const { token } = await registerOn(server);
    const { body: chat } = await server.post(
      '/chat/group/create',
      { with_ids: [(await registerOn(server)).id], name: 'x' },
      token,
    );
    const chatId = chat.id as number;

    const acknowledged = new Map<number, string>();
    const all = 1500;
    const killAfter = 400;
    const atOnce = pLimit(100);
    const send = async (index: number) => {
      const { status, body } = await server.post(`/chat/${chatId}/message`, { contents: `message ${index}` }, token);
      expect(status).toBe(200);
      acknowledged.set(body.id as number, body.contents as string);
      if (acknowledged.size === killAfter) server.process.kill('SIGKILL');
    };
    await Promise.allSettled(Array.from({ length: all }, (_, index) => atOnce(() => send(index))));
    await server.exited;
    expect(acknowledged.size).toBeGreaterThanOrEqual(killAfter);
    expect(acknowledged.size).toBeLessThan(all);

    const again = await Server.start(settings, cwd);
    const found = new Map<number, string>();
    for (let cursor = ''; ;) {
      const { body } = await again.get(`/chat/${chatId}/messages?limit=100${cursor}`, token);
      const messages = body.messages as { id: number; contents: string }[];
      if (messages.length === 0) break;
      for (const { id, contents } of messages) found.set(id, contents);
      cursor = `&cursor=${messages.at(-1)?.id}`;
    }
    for (const [id, contents] of acknowledged) expect(found.get(id)).toBe(contents);
    expect(new Set(found.values()).size).toBe(found.size);

    // The book-keeping of the chat is whole as well: another send goes on where the last one ended.
    const { status, body } = await again.post(`/chat/${chatId}/message`, { contents: 'after' }, token);
    expect(status).toBe(200);
    expect(body.id).toBeGreaterThan(Math.max(...found.keys()));
    await again.kill('SIGTERM');

    if (settings.DATABASE_URL) {
      const client = new pg.Client(settings.DATABASE_URL);
      await client.connect();
      const { rows } = await client.query(
        'select last_pts::int, (select count(*)::int from message where chat_id = chat.id) from chat where id = $1',
        [chatId],
      );
      expect(rows).toEqual([{ last_pts: found.size + 2, count: found.size + 1 }]);
      await client.end();
    }
  });
});
