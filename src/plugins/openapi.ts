import { readFileSync } from 'node:fs';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fp from 'fastify-plugin';
import type { AnswerDocumentation } from '../shared/schema.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const DESCRIPTION = `A messenger: people register, open private and group chats, and write to each other.

Every request but registering and logging in carries the access token: \`Authorization: Bearer <access_token>\`.
Every success is 200. Everything else has the shape of \`Error\`; its \`details.code\` never changes.
Ids are integers, times ISO 8601 in UTC. Lengths of texts count characters (Unicode code points).`;

interface DocumentedSchema {
  readonly $ref: string;
  readonly documentation?: AnswerDocumentation;
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
  const { description, headers, examples } = documentation;
  const values = Object.entries(examples).map(([name, value]) => [name, { value }]);
  const media = { schema: { $ref }, examples: Object.fromEntries(values) as Record<string, unknown> };
  return { description, ...(headers && { headers }), content: { 'application/json': media } };
}

/** Collects the schemas of the routes that are registered after it, and shows them at /openapi.json and /docs. */
export const openapi = fp(
  async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Messenger API',
          description: DESCRIPTION,
          version,
          license: { name: 'MIT', identifier: 'MIT' },
        },
        servers: [{ url: '/', description: 'The server that shows this page.' }],
        tags: [
          { name: 'Authentication', description: 'Accounts and access tokens.' },
          { name: 'Users', description: 'The user of the token.' },
          { name: 'Chats', description: 'Private and group chats of the user.' },
          { name: 'Messages', description: 'What is written in chats.' },
          { name: 'Real time', description: 'Events, and catching up after having been away.' },
          { name: 'Health', description: 'For load balancers and those who watch over the server.' },
        ],
        components: {
          securitySchemes: {
            bearer: {
              type: 'http',
              scheme: 'bearer',
              bearerFormat: 'JWT',
              description: 'The `access_token` that registering or logging in answers with.',
            },
          },
        },
      },
      transform: ({ schema, url }) => {
        if (!schema.response) return { schema, url };
        const answers = Object.entries(schema.response as Record<string, DocumentedSchema | OtherAnswer>);
        const response = Object.fromEntries(answers.map(([status, answer]) => [status, documentAnswer(answer)]));
        return { schema: { ...schema, response }, url };
      },
      refResolver: {
        buildLocalReference: (schema, _base, _fragment, index) =>
          typeof schema.$id === 'string' ? schema.$id : `def-${index}`,
      },
    });

    await app.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: { persistAuthorization: true, displayRequestDuration: true },
      // The one page of this server that shows something needs its own scripts, styles and pictures.
      staticCSP: {
        'default-src': "'self'",
        'img-src': "'self' data:",
        'style-src': "'self' 'unsafe-inline'",
        'frame-ancestors': "'none'",
      },
    });

    let document: Buffer | undefined;
    app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
      // Once for everybody who asks, and in one place of the memory however many have not read it yet.
      document ??= Buffer.from(JSON.stringify(app.swagger()));
      return reply.type('application/json; charset=utf-8').send(document);
    });
  },
  { name: 'openapi' },
);
