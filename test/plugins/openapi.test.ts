import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { TEXT_FORMATS } from '../../src/shared/schema.js';
import { useApp } from '../support/app.js';
import { call } from '../support/client.js';

interface Media {
  schema: { $ref?: string };
  examples?: Record<string, { value: unknown }>;
}
interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: unknown[];
  requestBody?: { content: { 'application/json': Media } };
  responses: Record<string, { description: string; content: { 'application/json': Media } }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { examples?: unknown[] }> };
}

const committed = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')) as Document;

const test = useApp();

const ajv = new Ajv2020({ strict: false, formats: TEXT_FORMATS });
addFormats.default(ajv);
ajv.addSchema(committed, 'openapi.json');

function errorsOf(ref: string, value: unknown) {
  const validate = ajv.compile({ $ref: `openapi.json${ref}` });
  return validate(value) ? [] : validate.errors;
}

const operations = Object.entries(committed.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);

describe('openapi.json', () => {
  it('is what the server shows', async () => {
    const { status, body } = await call(test, 'GET', '/openapi.json');
    expect(status).toBe(200);
    expect(body).toEqual(committed);
    expect(committed.openapi).toBe('3.1.0');
  });

  it('describes the eleven requests of the contract', () => {
    expect(operations.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'DELETE /message/{message_id}',
        'GET /chat/{chat_id}',
        'GET /chat/{chat_id}/messages',
        'GET /user/chats',
        'GET /user/me',
        'PATCH /user/bio',
        'POST /chat/group/create',
        'POST /chat/private/create',
        'POST /chat/{chat_id}/message',
        'POST /login',
        'POST /register',
      ]),
    );
  });

  it('has an example that fits in each component that a request or an answer is', () => {
    // An error has its examples where it is answered, a code at a time.
    const models = Object.entries(committed.components.schemas).filter(([name]) => name !== 'Error');
    expect(models.length).toBeGreaterThan(12);
    for (const [name, { examples = [] }] of models) {
      expect(examples, name).not.toHaveLength(0);
      for (const example of examples) expect(errorsOf(`#/components/schemas/${name}`, example), name).toEqual([]);
    }
  });

  it('validates: a wrong example would be found', () => {
    expect(errorsOf('#/components/schemas/ShortUser', { id: 'five', username: 'ada' })).not.toEqual([]);
  });

  it('uses each operation id once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  describe.each(operations)('$name', ({ operation }) => {
    it('says what it is', () => {
      expect(operation).toMatchObject({
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
        tags: [expect.any(String)],
        summary: expect.any(String),
        description: expect.any(String),
        security: expect.any(Array),
      });
    });

    it('names the schema of its body and of each answer, each with examples that fit', () => {
      if (operation.requestBody) expect(operation.requestBody.content['application/json'].schema.$ref).toBeDefined();
      for (const [status, { description, content }] of Object.entries(operation.responses)) {
        if (status === '200' && 'text/event-stream' in content) continue;
        const { schema, examples = {} } = content['application/json'];
        expect(description).not.toBe('Default Response');
        expect(schema.$ref).toMatch(status === '200' ? /^#\/components\/schemas\/(?!Error$)/ : /\/Error$/);
        expect(Object.keys(examples)).not.toHaveLength(0);
        for (const { value } of Object.values(examples)) {
          expect(errorsOf(schema.$ref!, value)).toEqual([]);
          if (status !== '200') expect(value).toMatchObject({ status_code: Number(status) });
        }
      }
    });

    it('lists the errors that anyone can get', () => {
      const statuses = Object.keys(operation.responses);
      expect(statuses).toEqual(expect.arrayContaining(['200', '500', '503']));
      if (operation.security.length > 0) expect(statuses).toContain('401');
      if (operation.requestBody) expect(statuses).toEqual(expect.arrayContaining(['413', '415', '422']));
    });
  });
});

describe('GET /docs', () => {
  it('shows a page that may load its own scripts', async () => {
    const { status, headers, body } = await call(test, 'GET', '/docs');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(body).toContain('swagger-ui');
  });
});
