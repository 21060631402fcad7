import { describe, expect, it } from 'vitest';
import { register } from '../support/client.js';
import { Socket, urlOf, useServer } from '../support/socket.js';

describe('a page that opens a socket', () => {
  const closed = useServer();
  const listed = useServer({ corsOrigins: ['https://app.example.com', /^https:\/\/([a-z0-9_-]+\.)+example\.org$/] });
  const open = useServer({ corsOrigins: true });

  const connect = async (test: typeof closed, origin: string) => {
    const { token } = await register(test);
    const socket = await Socket.open(test, { token, headers: { origin } });
    await socket.take('ready');
  };

  it.each([
    'https://evil.example',
    'null',
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'https://example.org',
  ])('of %s is refused where others are listed', async (origin) => {
    await expect(connect(listed, origin)).rejects.toThrow('403');
  });

  it.each(['https://app.example.com', 'https://a.b.example.org'])(
    'of %s is let in where it is listed',
    async (origin) => {
      await connect(listed, origin);
    },
  );

  it('of the server itself is let in, and no other, where none is listed', async () => {
    await connect(closed, urlOf(closed, 'http'));
    await expect(connect(closed, 'https://app.example.com')).rejects.toThrow('403');
    await expect(connect(closed, `${urlOf(closed, 'http')}.evil.example`)).rejects.toThrow('403');
  });

  it('of anywhere is let in where all may', async () => {
    await connect(open, 'https://anywhere.example');
  });

  it('is told in the envelope of every error', async () => {
    const headers = { origin: 'https://evil.example', upgrade: 'websocket', connection: 'Upgrade' };
    const answer = await closed.app.inject({ url: '/ws', headers });
    expect(answer.json()).toMatchObject({ status_code: 403, details: { code: 'ORIGIN_NOT_ALLOWED' } });
  });
});

describe('a user who is deleted', () => {
  const test = useServer();

  it('loses their open connections', { timeout: 20_000 }, async () => {
    const ada = await register(test);
    const socket = await Socket.of(ada);
    await test.db.user.delete({ where: { id: BigInt(ada.id) } });
    expect((await socket.closed).code).toBe(4401);
  });
});
