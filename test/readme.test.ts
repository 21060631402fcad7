import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Server, emptyFolder, environment } from './support/server.js';

const ROOT = join(import.meta.dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const document = JSON.parse(readFileSync(join(ROOT, 'openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, unknown>>;
};

it('is short', () => {
  const lines = readme.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(140);
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});

const all = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

/** The requests in the tables of a page. */
function requestsIn(page: string): string[] {
  const table = page.split('\n').filter((line) => line.startsWith('| `'));
  return [...table.join('').matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`]*)`/g)].map(([, request = '']) => request);
}

it('names requests that are there', () => {
  for (const request of requestsIn(readme).filter((each) => each !== 'GET /ws')) expect(all).toContain(request);
});

it('docs/requests.md names all requests of users, docs/embedding.md those of API keys, and docs/operating.md those of admins', () => {
  const [ofKeys, ofAdmins] = [' /server/', ' /admin/'].map((path) => all.filter((each) => each.includes(path)));
  const ofUsers = all.filter((each) => !/ \/(server|admin)\//.test(each));
  const named = requestsIn(readFileSync(join(ROOT, 'docs/requests.md'), 'utf8'));
  // Probes are for operators; a socket is no request of OpenAPI.
  const others = ['GET /health/live', 'GET /health/ready'];
  expect([...named.filter((request) => request !== 'GET /ws'), ...others].sort()).toEqual(ofUsers.sort());
  expect(requestsIn(readFileSync(join(ROOT, 'docs/embedding.md'), 'utf8')).sort()).toEqual(ofKeys?.sort());
  expect(requestsIn(readFileSync(join(ROOT, 'docs/operating.md'), 'utf8')).sort()).toEqual(
    [...others, ...(ofAdmins ?? [])].sort(),
  );
});

describe('the first conversation', () => {
  const curl = /curl (\d+)\.(\d+)/.exec(String(spawnSync('curl', ['--version']).stdout));
  const hasJson = curl !== null && Number(curl[1]) * 1000 + Number(curl[2]) >= 7082;

  it.skipIf(!hasJson)('works as printed (needs bash and curl 7.82)', async () => {
    const blocks = [...readme.matchAll(/```sh conversation\n([\s\S]*?)```/g)];
    const script = blocks.map(([, block = '']) => block).join('');
    const server = await Server.start(await environment(), await emptyFolder());
    const { host } = new URL(server.url);
    const { stdout, stderr, status } = spawnSync('bash', ['-eu'], {
      input: script.replaceAll('localhost:8000', host),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const answers = stdout
      .replaceAll('}{', '}\n{')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(answers).toMatchObject([
      { contents: 'Hello Bob!' },
      { count: 1, chats: [{ type: 'private', last_message: { contents: 'Hello Bob!' } }] },
      { contents: 'Hello Ada!' },
      {
        count: 2,
        authors: [{ username: 'ada' }, { username: 'bob' }],
        messages: [{ contents: 'Hello Bob!' }, { contents: 'Hello Ada!' }],
      },
    ]);
  });
});

describe('the links', () => {
  it('lead to files that are there', () => {
    const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
    for (const file of ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pages.map((name) => `docs/${name}`)]) {
      const text = readFileSync(join(ROOT, file), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
        expect(existsSync(join(ROOT, file, '..', target)), `${target} in ${file}`).toBe(true);
      }
    }
  });

  it('and the tests that docs/security.md names are there', () => {
    const named = readFileSync(join(ROOT, 'docs/security.md'), 'utf8').matchAll(/`(test\/[^`]*)`/g);
    expect([...named].map(([, file = '']) => file).filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});
