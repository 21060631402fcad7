import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.js';
import { createLogger } from '../../src/shared/logger.js';
import { TEST_CONFIG, useApp, type TestApp } from '../support/app.js';
import { expectError } from '../support/client.js';

const test = useApp();
const HTML =
  '<!doctype html><head><title>Messenger</title><script type="module" src="./assets/index-abc123.js"></script>';
/** @param on what is turned on. */
const served = (...on: string[]) => {
  const settings = on.map((name) => `<meta name="messenger-${name}" content="on" />`).join('');
  return HTML.replace('<head>', `<head>${settings}<meta name="messenger-message-max-length" content="2047" />`);
};
const SCRIPT = `console.log(${JSON.stringify('x'.repeat(2000))});`;

describe('the page for browsers', () => {
  let folder: string;
  let app: TestApp['app'];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'web-page-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), HTML);
    await writeFile(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const script = join(folder, 'assets/index-abc123.js');
    await writeFile(script, SCRIPT);
    await writeFile(`${script}.br`, brotliCompressSync(SCRIPT));
    await writeFile(`${script}.gz`, gzipSync(SCRIPT));
    app = await buildApp(
      { ...TEST_CONFIG, webPage: folder, publicGroups: false },
      { db: test.db, log: createLogger('silent') },
    );
    await app.ready();
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  const open = (url: string, headers: Record<string, string> = { accept: 'text/html,*/*;q=0.8' }) =>
    app.inject({ url, headers });

  it.each([
    ['/', './'],
    ['/?a=b/c', './'],
    ['/c/6', '../'],
    ['/c/6/info', '../../'],
    ['/settings', './'],
    ['/anything/at/all/and/further/down', '../../../../'],
    ['/login', './'],
  ])('is at %s, and its files are at %s', async (url, root) => {
    const answer = await open(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe(served().replace('./', root));
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const policy = answer.headers['content-security-policy']!;
    expect(policy.split(';')).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'"]));
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('is at the root also for who takes anything, and nowhere else', async () => {
    const answer = await open('/', { accept: '*/*' });
    expect([answer.statusCode, answer.body]).toEqual([200, served()]);
    expect((await open('/c/6', { accept: '*/*' })).statusCode).toBe(404);
  });

  it.each(['/assets/missing.js', '/c/6.js', '/../package.json', '/assets/%2E%2E/%2E%2E/package.json', '/index.html'])(
    'is not at %s, nor is anything else',
    async (url) => {
      const { statusCode, body } = await open(url);
      expect(statusCode).toBe(404);
      expect(body).not.toContain('<');
    },
  );

  it('is nothing to programs, nor in place of an answer to them', async () => {
    for (const url of ['/', '/c/6']) {
      const answer = await open(url, { accept: 'application/json' });
      expectError({ status: answer.statusCode, headers: answer.headers, body: answer.json() }, 404, 'NOT_FOUND');
    }
    expect((await open('/user/me')).statusCode).toBe(401);
    expect((await open('/health/live')).json()).toEqual({ status: 'ok' });
    expect((await app.inject({ method: 'POST', url: '/c/6', headers: { accept: 'text/html' } })).statusCode).toBe(404);
    expect((await open('/login', { accept: '*/*' })).statusCode).toBe(405);
  });

  it('has files that browsers keep, compressed as they like it', async () => {
    const url = '/assets/index-abc123.js';
    const plain = await open(url, {});
    expect(plain.body).toBe(SCRIPT);
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringMatching(/javascript; charset=utf-8$/),
    });
    const small = await open(url, { 'accept-encoding': 'gzip, deflate, br' });
    expect(small.headers).toMatchObject({ 'content-encoding': 'br', vary: expect.stringMatching(/accept-encoding/i) });
    expect(brotliDecompressSync(small.rawPayload).toString()).toBe(SCRIPT);
    expect((await open(url, { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe('gzip');
    expect((await open(`${url}.br`, {})).statusCode).toBe(404);
    expect((await open('/favicon.svg', {})).headers).toMatchObject({ 'cache-control': 'no-cache' });
  });

  it('knows when anyone may be anyone, and when there are public groups', async () => {
    const config = { ...TEST_CONFIG, webPage: folder, development: true, publicGroups: true };
    const open = await buildApp(config, { db: test.db, log: createLogger('silent') });
    const { body } = await open.inject({ url: '/', headers: { accept: 'text/html' } });
    await open.close();
    expect(body).toBe(served('development', 'public-groups'));
    expect(HTML).not.toContain('development');
  });

  it('is not there when the server shows none', async () => {
    const { statusCode } = await test.app.inject({ url: '/', headers: { accept: 'text/html' } });
    expect(statusCode).toBe(404);
  });
});
