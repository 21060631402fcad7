import { describe, expect, it } from 'vitest';
import { PASSWORD, uniqueName } from '../support/client.js';
import { Program, Server, emptyFolder, environment } from '../support/server.js';

function tokensOf({ body }: { readonly body: Record<string, unknown> }) {
  return { token: String(body.access_token), refreshToken: body.refresh_token };
}

describe('POST /server/revoke', () => {
  it('ends the access tokens of everybody; sessions go on with their next ones', async () => {
    const settings = await environment();
    const server = await Server.start(settings, await emptyFolder());
    const args = ['create', '--name', 'x', '--scopes', 'tokens:mint'];
    const { stdout } = await new Program('src/keys.ts', settings, await emptyFolder(), args).exited;
    const username = uniqueName();
    const account = { username, email: `${username}@example.com`, password: PASSWORD };
    const { token } = tokensOf(await server.post('/register', account));
    const login = { usernameOrEmail: username, password: PASSWORD, session: true };
    const session = tokensOf(await server.post('/login', login));

    expect((await server.post('/server/revoke', {}, stdout.trim())).status).toBe(200);
    for (const revoked of [token, session.token]) expect((await server.get('/user/me', revoked)).status).toBe(401);
    const next = tokensOf(await server.post('/token/refresh', { refresh_token: session.refreshToken }));
    expect((await server.get('/user/me', next.token)).status).toBe(200);
    expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 });

    const again = await Server.start(settings, await emptyFolder());
    await expect.poll(async () => (await again.get('/user/me', token)).status).toBe(401);
    expect((await again.get('/user/me', next.token)).status).toBe(200);
  });
});
