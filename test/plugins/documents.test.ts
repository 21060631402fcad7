import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Forms of a schema that break clients made by generators. Each is looked for in both documents, wherever it may stand. */

interface Schema {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  [key: string]: unknown;
}

interface Document {
  info: Record<string, unknown>;
  servers: { url: string }[];
  externalDocs: { url: string };
  paths: Record<string, Record<string, Record<string, unknown>>>;
  channels: Record<string, { messages: Record<string, { payload: object }> }>;
  components: { schemas: Record<string, Schema>; responses: Record<string, unknown> };
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')) as Document;
const openapi = read('openapi.json');
const asyncapi = read('asyncapi.json');

interface Place {
  readonly path: readonly string[];
  readonly schema: Schema;
}

/** Every object of the document, but for the values of examples. */
function placesOf(value: unknown, path: readonly string[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value)
    .filter(([key]) => !['example', 'examples', 'default', 'x-extensible-enum', 'mapping'].includes(key))
    .flatMap(([key, item]) => placesOf(item, [...path, key]));
  return [{ path, schema: value as Schema }, ...inner];
}

function findFaults(document: object): string[] {
  return placesOf(document).flatMap(({ path, schema }) => {
    const types = [schema.type].flat();
    const name = path.at(-1) ?? '';
    const isSchema = path.includes('schema') || path.includes('schemas');
    const isComponent = path.at(-2) === 'schemas';
    const isProperty = path.at(-2) === 'properties';
    const said = (fault: string) => [`${path.join('.')}: ${fault}`];
    if (!isSchema || path.at(-1) === 'properties') return [];
    const faults = [];
    if ('const' in schema) faults.push(...said('a const'));
    if ('patternProperties' in schema) faults.push(...said('patternProperties'));
    if (schema.enum?.some((item) => typeof item !== 'string')) faults.push(...said('an enum of what are no texts'));
    if (schema.enum && !isComponent && !(schema.enum.length === 1 && name === 'type'))
      faults.push(...said('an inline enum'));
    if (types.includes('integer')) {
      if (schema.format !== 'int32' && schema.format !== 'int64') faults.push(...said('an integer without a format'));
      const isLarge = /(^|_)(id|ids|pts)$/.test(name) || Number(schema.maximum ?? 0) >= 2 ** 31;
      if (isLarge && schema.format !== 'int64') faults.push(...said('a large integer that is not int64'));
    }
    if (isProperty && /cursor|^next$/.test(name) && schema.format === 'date-time')
      faults.push(...said('a cursor as a time'));
    if (types.includes('object') && !isComponent && Object.keys(schema.properties ?? {}).length > 0) {
      faults.push(...said('an inline object'));
    }
    return faults;
  });
}

/** What generated code has already, or what generators make. */
const TAKEN = /^(Error|Exception|Sync|Success|Response|Request|Result|Option|String|Object|Type|Client|Default.*)$/;

describe.each([
  ['openapi.json', openapi],
  ['asyncapi.json', asyncapi],
])('%s', (_name, document) => {
  it('has none of the forms that break generated clients', () => {
    expect(findFaults(document)).toEqual([]);
  });

  it('has no component whose name generated code has already', () => {
    expect(Object.keys(document.components.schemas).filter((name) => TAKEN.test(name))).toEqual([]);
  });

  it('leaves error codes and types of changes open', () => {
    const { ApiErrorDetails, UnknownChange } = document.components.schemas;
    expect(ApiErrorDetails?.properties?.code).toMatchObject({ type: 'string', 'x-extensible-enum': expect.any(Array) });
    expect(ApiErrorDetails?.properties?.code).not.toHaveProperty('enum');
    expect(UnknownChange?.properties?.type).not.toHaveProperty('enum');
  });
});

describe('the search for such forms', () => {
  it.each([
    ['a const', { type: 'string', const: 'x' }],
    ['an enum of what are no texts', { type: 'boolean', enum: [true] }],
    ['an inline enum', { type: 'string', enum: ['a', 'b'] }],
    ['an integer without a format', { type: ['integer', 'null'] }],
    ['a large integer that is not int64', { type: 'integer', format: 'int32', maximum: 2 ** 40 }],
    ['an inline object', { type: 'object', properties: { a: { type: 'string' } } }],
    ['patternProperties', { type: 'object', patternProperties: { a: {} } }],
  ])('finds %s', (fault, schema) => {
    const nested = { components: { schemas: { Thing: { type: 'object', properties: { field: schema } } } } };
    expect(findFaults(nested)).toContain(`components.schemas.Thing.properties.field: ${fault}`);
    expect(findFaults({ paths: { '/': { get: { parameters: [{ schema }] } } } })).not.toEqual([]);
  });
});

describe('openapi.json', () => {
  it('says where the server, its documentation and its people are', () => {
    expect(openapi.servers.map(({ url }) => new URL(url).protocol)).toEqual(['http:']);
    expect(new URL(openapi.externalDocs.url).pathname).toBe('/docs');
    expect(openapi.info.contact).toEqual({ name: expect.any(String) });
  });

  it('marks what is not for generated clients', () => {
    expect(openapi.paths['/events']?.get).toMatchObject({ 'x-internal': true, 'x-sdk-ignore': true });
  });

  it('has the changes of asyncapi.json, with the same data', () => {
    const { oneOf, discriminator } = openapi.components.schemas.KnownChange as unknown as {
      oneOf: { $ref: string }[];
      discriminator: { mapping: Record<string, string> };
    };
    expect(Object.values(discriminator.mapping).sort()).toEqual(oneOf.map(({ $ref }) => $ref).sort());
    const events = Object.values(asyncapi.components.schemas).filter(({ properties }) => properties?.chat_id);
    for (const [type, reference] of Object.entries(discriminator.mapping)) {
      const change = openapi.components.schemas[reference.split('/').at(-1) ?? ''];
      expect(change?.properties?.type?.enum).toEqual([type]);
      const event = events.find(({ properties }) => properties?.type?.enum?.[0] === type);
      expect(change?.properties?.data, type).toEqual(event?.properties?.data);
    }
  });
});

describe('asyncapi.json', () => {
  it('names every payload', () => {
    for (const { messages } of Object.values(asyncapi.channels)) {
      for (const { payload } of Object.values(messages)) {
        expect(payload).toEqual({ $ref: expect.stringMatching(/^#\/components\/schemas\/[A-Z]/) });
      }
    }
  });
});
