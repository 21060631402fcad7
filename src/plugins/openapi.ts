import { readFileSync } from 'node:fs';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyReply, FastifyRequest, FastifySchema, HookHandlerDoneFunction } from 'fastify';
import fp from 'fastify-plugin';
import { stringify as stringifyYaml } from 'yaml';
import { tokenNarrowed } from '../shared/narrowing.js';
import type { AnswerDocumentation, ErrorsDocumentation } from '../shared/schema.js';
import { PAGE_HEADERS } from './security-headers.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const FORMATS = {
  json: { type: 'application/json', stringify: (document: object) => JSON.stringify(document) },
  yaml: {
    type: 'application/yaml',
    // Parsers refuse a document with many aliases.
    stringify: (document: object) => stringifyYaml(document, { aliasDuplicateObjects: false }),
  },
};

type Format = keyof typeof FORMATS;

/** Stands for the address until it is known who asks where. */
const ADDRESS = 'https://address.invalid';
/** What may stand in both forms as it is. A client may name any host, and behind a proxy any protocol. */
const PLAIN_HOST = /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i;

const DESCRIPTION = `A messenger: people register, open private and group chats, and write to each other.

Every request but registering and logging in carries the access token: \`Authorization: Bearer <access_token>\`.
Every success is 200. Everything else has the shape of \`ApiError\`; its \`details.code\` never changes.
Ids are integers, times ISO 8601 in UTC. Lengths of texts count characters (Unicode code points).
There will be more error codes, types of changes and fields: clients must take those that they do not know.`;

const RETRY_AFTER = {
  description: 'Seconds after which another try makes sense; comes with 429 and 503.',
  schema: { type: 'integer', format: 'int32' },
};

const apiError = { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } };

/** Answers that are the same for every operation, which refers to them. */
const SHARED_RESPONSES = {
  NotAuthorized: {
    description: '`NOT_AUTHORIZED`: A valid access token is required. Comes with `WWW-Authenticate: Bearer`.',
    content: apiError,
  },
  Failed: {
    description: 'Any error. The operation lists its codes in `x-error-codes`.',
    headers: { 'Retry-After': RETRY_AFTER },
    content: apiError,
  },
};

const SHARED_RESPONSE_OF_STATUS: Record<string, keyof typeof SHARED_RESPONSES> = {
  401: 'NotAuthorized',
  default: 'Failed',
};

interface DocumentedSchema {
  readonly $ref: string;
  readonly documentation?: AnswerDocumentation | ErrorsDocumentation;
}

/** What is no JSON says all of itself. */
interface OtherAnswer {
  readonly content: object;
}

/** Beside a `$ref` there is no room for words: what an answer has to say moves to where OpenAPI has it. */
function documentAnswer(answer: DocumentedSchema | OtherAnswer) {
  if ('content' in answer) return answer;
  const { $ref, documentation } = answer;
  if (!documentation) return { $ref };
  const { description, examples } = documentation;
  const values = Object.entries(examples).map(([name, value]) => [name, { value }]);
  const media = { schema: { $ref }, examples: Object.fromEntries(values) as Record<string, unknown> };
  return { description, content: { 'application/json': media } };
}

/** The codes that the operation may answer with, for programs and as words. */
function documentErrors(
  answers: Record<string, DocumentedSchema | OtherAnswer>,
  { security, description }: FastifySchema,
) {
  const { documentation } = answers.default as { documentation: ErrorsDocumentation };
  // Whatever takes the tokens of users takes narrowed ones, to refuse or to obey them.
  const more = security?.some((schemes) => 'bearer' in schemes) ? [tokenNarrowed] : [];
  const texts = [documentation.description, ...more.map(({ code, message }) => `\`${code}\`: ${message}`)];
  return {
    'x-error-codes': [...documentation.codes, ...more.map(({ code }) => code)],
    description: `${description ?? ''}\n\nErrors:\n\n${texts.join('\n\n')}`,
  };
}

interface Operation {
  readonly parameters?: { name: string; readonly in: string; schema: { allOf?: [object] } }[];
  readonly responses: Record<string, object>;
}

/** What the schema of a route can't say: references to responses, bare ones of parameters, headers as people write them. */
function finish<D extends { paths?: unknown }>(document: D): D {
  const paths = document.paths as Record<string, Record<string, Operation>>;
  for (const { parameters = [], responses } of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const parameter of parameters) {
      // The words of a reference stand beside the schema here. A bare reference keeps its name in every generator.
      parameter.schema = parameter.schema.allOf?.[0] ?? parameter.schema;
      if (parameter.in !== 'header') continue;
      parameter.name = parameter.name.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
    }
    for (const [status, name] of Object.entries(SHARED_RESPONSE_OF_STATUS)) {
      if (status in responses) responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
  return document;
}

const DOCS = '/docs';

/**
 * Redirects to a form of the page's address whose relative links are right. The targets are relative too: a proxy may have
 * taken away a part of the path that only the browser knows.
 */
function canonicalDocs(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const [path = '', query] = request.url.split('?');
  if (path.endsWith('/static/index.html')) reply.redirect('../');
  else if (query !== undefined && path === DOCS) reply.redirect('docs');
  else if (query !== undefined && path === `${DOCS}/`) reply.redirect('./');
  else done();
}

/** Takes away the schemas that no operation leads to: those of events, which asyncapi.json has. */
function prune<D extends { paths?: unknown; components?: unknown }>(document: D): D {
  const { schemas, responses } = document.components as Record<'schemas' | 'responses', Record<string, unknown>>;
  const used = new Set<string>();
  const visit = (part: unknown) => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit([document.paths, responses]);
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  return { ...document, components: { ...(document.components as object), schemas: Object.fromEntries(kept) } };
}

interface OpenapiOptions {
  /** What operations are grouped by. */
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** Where clients reach the server; undefined: at the address that they ask. */
  readonly publicUrl: string | undefined;
}

/** Collects the schemas of the routes that are registered after it, and shows them at /openapi.json and /docs. */
export const openapi = fp<OpenapiOptions>(
  async (app, { publicUrl, tags }) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Messenger API',
          description: DESCRIPTION,
          version,
          license: { name: 'MIT', identifier: 'MIT' },
          contact: { name: 'The people who run this server' },
        },
        servers: [],
        tags: [...tags, { name: 'Health', description: 'For load balancers and monitoring.' }],
        components: {
          responses: SHARED_RESPONSES as never,
          securitySchemes: {
            bearer: {
              type: 'http',
              scheme: 'bearer',
              bearerFormat: 'JWT',
              description: 'The `access_token` that registering or logging in answers with.',
            },
            serverKey: {
              type: 'http',
              scheme: 'bearer',
              description: 'An API key (`mk_…`), which only the server of the host application may have.',
            },
          },
        },
      },
      transform: ({ schema, url }) => {
        if (!schema.response || schema.hide) return { schema, url };
        const answers = schema.response as Record<string, DocumentedSchema | OtherAnswer>;
        const response = Object.fromEntries(
          Object.entries(answers).map(([status, answer]) => [status, documentAnswer(answer)]),
        );
        return { schema: { ...schema, response, ...documentErrors(answers, schema) }, url };
      },
      transformObject: (document) =>
        'openapiObject' in document ? prune(finish(document.openapiObject)) : document.swaggerObject,
      refResolver: {
        buildLocalReference: (schema, _base, _fragment, index) =>
          typeof schema.$id === 'string' ? schema.$id : `def-${index}`,
      },
    });

    const withAddress = (document: object, url: string): object => ({
      ...document,
      servers: [{ url, description: 'This server.' }],
      externalDocs: { url: `${url}${DOCS}`, description: 'This reference, to read and to try.' },
    });
    // Serialized once: it is the most expensive answer that needs no token.
    const texts = new Map<Format, string>();
    const sendDocument = (format: Format, request: FastifyRequest, reply: FastifyReply) => {
      const { type, stringify } = FORMATS[format];
      const text = texts.get(format) ?? stringify(withAddress(app.swagger(), ADDRESS));
      texts.set(format, text);
      const protocol = request.protocol === 'https' ? 'https' : 'http';
      const address = publicUrl ?? (PLAIN_HOST.test(request.host) ? `${protocol}://${request.host}` : '.');
      return reply.type(`${type}; charset=utf-8`).send(text.replaceAll(ADDRESS, () => address));
    };

    await app.register(swaggerUi, {
      routePrefix: DOCS,
      // Links are relative: a proxy may have taken away a part of the path.
      indexPrefix: '.',
      uiHooks: {
        onRequest: (request, reply, done) => {
          const [path = ''] = request.url.split('?');
          // The library would serialize it for every request.
          if (path === `${DOCS}/json`) sendDocument('json', request, reply);
          else if (path === `${DOCS}/yaml`) sendDocument('yaml', request, reply);
          else {
            reply.headers(PAGE_HEADERS);
            canonicalDocs(request, reply, done);
          }
        },
      },
      uiConfig: { persistAuthorization: true, displayRequestDuration: true },
      // The one page of this server that shows something needs its own scripts, styles and pictures.
      staticCSP: {
        'default-src': "'self'",
        'img-src': "'self' data:",
        'style-src': "'self' 'unsafe-inline'",
        'frame-ancestors': "'none'",
      },
    });

    app.get('/openapi.json', { schema: { hide: true } }, (request, reply) => sendDocument('json', request, reply));
  },
  { name: 'openapi' },
);
