import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { TEXT_FORMATS } from '../../src/shared/schema.js';
import { useApp } from '../support/app.js';
import { call, type TestTarget } from '../support/client.js';

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
  parameters?: { name: string; in: string; description?: string; example?: unknown; schema: object }[];
  'x-error-codes': string[];
  responses: Record<string, { $ref?: string; description: string; content: { 'application/json': Media } }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { type?: string; $ref?: string; examples?: unknown[] }> };
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
    // A kind of change has its example in the changes of a sync.
    const models = Object.entries(committed.components.schemas).filter(
      ([name, { type }]) => type === 'object' && !/(?<!Unknown)Change$/.test(name),
    );
    expect(models.length).toBeGreaterThan(12);
    for (const [name, { examples = [] }] of models) {
      expect(examples, name).not.toHaveLength(0);
      for (const example of examples) expect(errorsOf(`#/components/schemas/${name}`, example), name).toEqual([]);
    }
  });

  it('validates: a wrong example would be found', () => {
    expect(errorsOf('#/components/schemas/ShortUser', { id: 'five', username: 'ada' })).not.toEqual([]);
  });

  const codesOf = (id: string) =>
    operations.find(({ operation }) => operation.operationId === id)?.operation['x-error-codes'] ?? [];

  it('has all codes that a send may be refused with wherever one sends', () => {
    const refusals = [
      'CHAT_DOES_NOT_EXIST',
      'CLIENT_ID_TAKEN',
      'MESSAGE_DELETED',
      'NOT_ACCEPTING_MESSAGES',
      'FILTERED',
    ];
    const inGroups = ['RIGHT_MISSING', 'RESTRICTED', 'CHAT_FROZEN', 'SLOW_MODE'];
    const inThreads = ['THREAD_DOES_NOT_EXIST', 'THREAD_IN_THREAD'];
    const all = [...refusals, ...inGroups, 'VALIDATION_ERROR'];
    expect(codesOf('forwardMessage')).toEqual(expect.arrayContaining(all));
    for (const id of ['sendMessage', 'sendScheduledMessage', 'sendAsApp'])
      expect(codesOf(id), id).toEqual(expect.arrayContaining([...all, ...inThreads]));
    const { reason } = (committed.components.schemas.ScheduledMessage as { properties: Record<string, object> })
      .properties;
    const waitsOrGone = new Set(['SLOW_MODE', 'MESSAGE_DELETED']);
    const reasons = [...all, ...inThreads, 'USER_SUSPENDED'].filter((code) => !waitsOrGone.has(code));
    expect((reason as Record<string, string[]>)['x-extensible-enum']?.toSorted()).toEqual(reasons.toSorted());
  });

  it('says that who is restricted has no right, wherever one is asked for', () => {
    const asked = operations.filter(({ operation }) => operation['x-error-codes'].includes('RIGHT_MISSING'));
    const ids = [
      ...asked.map(({ operation }) => operation.operationId),
      'deleteMessage',
      'closePoll',
      'removeParticipant',
    ];
    expect(asked.length).toBeGreaterThan(20);
    for (const id of ids) expect(codesOf(id), id).toContain('RESTRICTED');
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
      for (const [status, { $ref, description, content }] of Object.entries(operation.responses)) {
        if ($ref !== undefined) continue;
        if (status === '200' && ('text/event-stream' in content || 'application/x-ndjson' in content)) continue;
        const { schema, examples = {} } = content['application/json'];
        expect(description).not.toBe('Default Response');
        expect(schema.$ref).toMatch(status === '200' ? /^#\/components\/schemas\/(?!ApiError$)/ : /\/ApiError$/);
        expect(Object.keys(examples)).not.toHaveLength(0);
        for (const { value } of Object.values(examples)) {
          expect(errorsOf(schema.$ref!, value)).toEqual([]);
          if (status !== '200') expect(value).toMatchObject({ status_code: Number(status) });
        }
      }
    });

    it('has a default answer for every error, and lists the codes', () => {
      const { responses, 'x-error-codes': codes } = operation;
      expect(responses.default).toEqual({ $ref: '#/components/responses/Failed' });
      expect(Object.keys(responses).length).toBeLessThanOrEqual(7);
      expect(codes).toEqual(expect.arrayContaining(['INTERNAL_ERROR', 'SERVICE_UNAVAILABLE']));
      if (operation.security.length > 0) {
        expect(responses['401']).toEqual({ $ref: '#/components/responses/NotAuthorized' });
        expect(codes).toContain('NOT_AUTHORIZED');
      }
      if (operation.requestBody) {
        expect(codes).toEqual(
          expect.arrayContaining(['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_ERROR']),
        );
      }
      for (const code of codes) expect(operation.description).toContain(`\`${code}\``);
    });

    it('explains each parameter, with an example that fits', () => {
      for (const { name, description, example, schema } of operation.parameters ?? []) {
        expect(description, name).toEqual(expect.any(String));
        const full = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/')) as object;
        expect(ajv.validate(full, example), name).toBe(true);
      }
    });
  });
});

describe('the address of the server in the document', () => {
  const addressOf = async (target: TestTarget, host: string) => {
    const { body } = await call(target, 'GET', '/openapi.json', { headers: { host } });
    return [body.servers[0].url, body.externalDocs.url];
  };

  it('is PUBLIC_URL', async () => {
    const target = await test.another({ publicUrl: 'https://example.com/messenger' });
    const docs = 'https://example.com/messenger/docs';
    expect(await addressOf(target, 'inner:8000')).toEqual(['https://example.com/messenger', docs]);
    expect((await call(target, 'GET', '/docs/json')).body.servers[0].url).toBe('https://example.com/messenger');
  });

  it('is what the client asked, without one', async () => {
    const target = await test.another({ publicUrl: undefined });
    expect(await addressOf(target, 'chat.local:8080')).toEqual([
      'http://chat.local:8080',
      'http://chat.local:8080/docs',
    ]);
    expect(await addressOf(target, 'other')).toEqual(['http://other', 'http://other/docs']);
  });
});
