import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { TEXT_FORMATS } from '../src/shared/schema.js';
import { Server, emptyFolder, environment } from './support/server.js';

interface Operation {
  requestBody?: { content: { 'application/json': { schema: { $ref: string } } } };
  parameters?: { name: string; in: string; schema: { type: string } }[];
  responses: Record<string, { content: { 'application/json': { schema: { $ref: string } } } }>;
}

const ROOT = join(import.meta.dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const document = JSON.parse(readFileSync(join(ROOT, 'openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};

const ajv = new Ajv2020({ strict: false, formats: TEXT_FORMATS });
addFormats.default(ajv);
ajv.addSchema(document, 'openapi.json');

/** A schema of a parameter stands alone: its references must name the document. */
function withFullReferences(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/')) as object;
}

function expectToFit(ref: string, value: unknown): void {
  const validate = ajv.compile({ $ref: `openapi.json${ref}` });
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

const ROW = /^\| `(GET|POST|PATCH|DELETE) (\/[^`]*)` +\| (?:`([^`]*)`)? *\| `([^`]*)` +\|$/gm;
const rows = [...readme.matchAll(ROW)].map(([, method = '', path = '', given = '', answer = '']) => {
  return { method, path, given, answer };
});

describe('the table of requests', () => {
  it('has them all', () => {
    const all = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const inTable = rows.map(({ method, path }) => `${method} ${path}`);
    // The answer of a stream is no JSON: it stands above the table.
    const others = ['GET /health/live', 'GET /health/ready', 'GET /events'];
    expect([...inTable, ...others].sort()).toEqual(all.sort());
    expect(readme).toContain('`GET /events`');
  });

  it.each(rows)('has examples that fit for $method $path', ({ method, path, given, answer }) => {
    const operation = document.paths[path]![method.toLowerCase()]!;
    expectToFit(operation.responses['200']!.content['application/json'].schema.$ref, JSON.parse(answer));
    if (operation.requestBody) {
      expectToFit(operation.requestBody.content['application/json'].schema.$ref, JSON.parse(given));
    } else {
      const query = operation.parameters?.filter((parameter) => parameter.in === 'query') ?? [];
      expect([...new URLSearchParams(given).keys()].sort()).toEqual(query.map(({ name }) => name).sort());
      for (const [name, text] of new URLSearchParams(given)) {
        const { schema } = query.find((parameter) => parameter.name === name)!;
        const value: unknown = ['integer', 'boolean'].includes(schema.type) ? JSON.parse(text) : text;
        expect(ajv.validate(withFullReferences(schema), value), name).toBe(true);
      }
    }
  });

  it('shows an error as errors are', () => {
    const [, error = ''] = /```json error\n([\s\S]*?)```/.exec(readme)!;
    expectToFit('#/components/schemas/ApiError', JSON.parse(error));
  });
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
      { username: 'bob' },
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
    for (const file of ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/operating.md']) {
      const text = readFileSync(join(ROOT, file), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
        expect(() => readFileSync(join(ROOT, file, '..', target)), `${target} in ${file}`).not.toThrow('ENOENT');
      }
    }
  });
});
