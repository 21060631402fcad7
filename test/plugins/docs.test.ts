import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { useApp } from '../support/app.js';
import { call } from '../support/client.js';

const test = useApp({ publicUrl: undefined });

/** A proxy that shows the server below /messenger, and nothing else. It takes the prefix away, as most proxies are set up. */
const PREFIX = '/messenger';
const outside: string[] = [];
const proxy = createServer((incoming, outgoing) => {
  const { url = '', method, headers } = incoming;
  if (!url.startsWith(`${PREFIX}/`)) {
    outside.push(url);
    outgoing.writeHead(404).end();
    return;
  }
  const { port } = test.app.server.address() as AddressInfo;
  const forwarded = httpRequest({ port, method, headers, path: url.slice(PREFIX.length) }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  incoming.pipe(forwarded);
});

let direct: string;
let proxied: string;
beforeAll(async () => {
  await test.app.listen({ port: 0, host: '127.0.0.1' });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  direct = `http://127.0.0.1:${(test.app.server.address() as AddressInfo).port}`;
  proxied = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${PREFIX}`;
});
afterAll(() => {
  proxy.close();
});

/** What a browser asks for when it shows the page: what the HTML names, and the document that its script loads. */
function assetsOf(page: string, html: string): string[] {
  const named = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link = '']) => new URL(link, page).href);
  const base = page.endsWith('/') ? page : `${page}/`;
  return [...new Set([...named, `${base}json`, `${base}static/oauth2-redirect.html`])];
}

describe('/docs', () => {
  it('may load its own scripts, and nothing else', async () => {
    const { headers, body } = await call(test, 'GET', '/docs');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(body).toContain('swagger-ui');
  });

  it('has no aliases in YAML, of which parsers refuse many', async () => {
    const { body } = await call(test, 'GET', '/docs/yaml');
    expect(body).not.toMatch(/: [&*]\w+$/m);
  });

  it.each([
    ['/docs/json', 'application/json; charset=utf-8'],
    ['/docs/yaml', 'application/yaml; charset=utf-8'],
    ['/openapi.json', 'application/json; charset=utf-8'],
  ])(
    '%s is the same document, with the address that was asked and the encoding of its characters',
    async (path, type) => {
      for (const host of ['one.example', 'other.example']) {
        const { headers, body } = await call(test, 'GET', path, { headers: { host } });
        expect(headers['content-type']).toBe(type);
        const document = (typeof body === 'string' ? parse(body) : body) as Record<string, unknown>;
        expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: `http://${host}` }] });
        expect(Object.keys(document.paths as object).length).toBeGreaterThan(10);
      }
    },
  );

  it.each(['/docs/json', '/docs/yaml', '/openapi.json'])('%s takes no address that is none', async (path) => {
    const behindProxy = await test.another({ publicUrl: undefined, trustProxy: true });
    const { body: good } = await call(behindProxy, 'GET', path, { headers: { host: 'one.example' } });
    const length = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body)).length;
    for (const headers of [
      { host: 'one.example', 'x-forwarded-proto': 'x","a":"' },
      { host: 'one.example', 'x-forwarded-proto': "$'".repeat(1000) },
      { host: 'x","a":"y' },
      { host: 'x: y' },
    ]) {
      const { status, body } = await call(behindProxy, 'GET', path, { headers });
      if (status !== 200) continue;
      const document = (typeof body === 'string' ? parse(body) : body) as { servers: { url: string }[] };
      expect(document.servers[0]!.url).toMatch(/^(https?:\/\/one\.example|\.)$/);
      expect(length(body)).toBeLessThanOrEqual(length(good));
    }
  });

  describe.each([
    ['directly', () => direct],
    ['behind a path that a proxy takes away', () => proxied],
  ])('%s', (_name, base) => {
    it.each(['/docs', '/docs/', '/docs?a=b', '/docs/?a=b', '/docs/static/index.html', '/docs/static/index.html?a=b'])(
      '%s shows a page whose every asset is there',
      async (path) => {
        const answer = await fetch(base() + path);
        expect(answer.status).toBe(200);
        expect(answer.url.startsWith(`${base()}/docs`)).toBe(true);
        // The script of the page adds to its address: a query would be in the way.
        expect(new URL(answer.url).search).toBe('');
        const assets = assetsOf(answer.url, await answer.text());
        expect(assets.length).toBeGreaterThan(6);
        for (const asset of assets) {
          const { status, headers } = await fetch(asset);
          expect(status, asset).toBe(200);
          expect(headers.get('content-type'), asset).toMatch(/javascript|css|png|json|html/);
        }
        expect(outside).toEqual([]);
      },
    );
  });

  it('redirects by relative addresses alone, also where nothing is found', async () => {
    const paths = ['/docs?a', '/docs/?a', '/docs/static/index.html', '/docs/static', '/docs/static/', '/docs/nothing'];
    for (const path of [...paths, '/', '//docs', '/health/live/', '/ws', '/openapi.json/']) {
      const { headers } = await fetch(direct + path, { redirect: 'manual' });
      expect(headers.get('location') ?? './', path).not.toMatch(/^\/|^[a-z]+:/);
    }
  });
});
