// `npm run asyncapi` writes asyncapi.json from the schemas of the frames; `npm run asyncapi:check` ends with 1 when the
// committed file says something else. In both cases the official parser reads it.
import { readFile } from 'node:fs/promises';
import { Parser } from '@asyncapi/parser';
import type { TSchema } from '@sinclair/typebox';
import { features, modelsOf, registry, type Services } from '../src/features/index.js';
import { describeProtocol, realtimeModels, type FrameDescription } from '../src/realtime/index.js';
import { errorModels } from '../src/shared/schema.js';
import { writeOrCheck } from './generated-file.js';
import { usualConfig } from './usual-config.js';

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// Frames are described, not carried out: nothing is asked of the database, and nobody is told of anything.
const services = { registry, config: usualConfig } as unknown as Services;
const { fromClient, fromServer, onStream } = describeProtocol(
  features.flatMap(({ frames }) => frames?.(services) ?? []),
  registry.events,
  errorModels().details,
);

const schemas = new Map<string, unknown>();
const named = new Map(
  [...modelsOf(usualConfig.messages), ...realtimeModels, errorModels().details].map((model: TSchema) => [
    model.$id ?? '',
    model,
  ]),
);

/** The schema with references into this document; what they name comes along. */
function withReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withReferences);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, discriminator } = schema as { $ref?: unknown; discriminator?: { propertyName: string } };
  // AsyncAPI has no mapping: the one value of each variant's `type` says the same.
  if (discriminator) return withReferences({ ...schema, discriminator: undefined });
  if (typeof $ref === 'string') {
    const name = $ref.replace('#', '');
    if (!schemas.has(name)) {
      schemas.set(name, undefined);
      schemas.set(name, withReferences({ ...named.get(name), $id: undefined }));
    }
    return { $ref: `#/components/schemas/${name}` };
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withReferences(value)]));
}

/** "message.created" to "messageCreated", with a word before it. */
function nameOf(direction: string, type: string): string {
  return (
    direction +
    type
      .split('.')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('')
  );
}

function messages(direction: string, frames: readonly FrameDescription[]): Record<string, unknown> {
  return Object.fromEntries(
    frames.map(({ type, schema }) => {
      const name = nameOf(direction, type);
      const payload = name.charAt(0).toUpperCase() + name.slice(1);
      schemas.set(payload, withReferences(schema));
      return [
        name,
        {
          ...{ name: type, title: type, summary: schema.description },
          payload: { $ref: `#/components/schemas/${payload}` },
        },
      ];
    }),
  );
}

function reference(name: string, channel = 'socket') {
  return { $ref: `#/channels/${channel}/messages/${name}` };
}

function server(protocol: string) {
  return {
    host: 'localhost:8000',
    protocol,
    description: 'A server as `npm start` starts it.',
    security: [{ $ref: '#/components/securitySchemes/bearer' }],
  };
}

const socket = {
  address: '/ws',
  description: 'A WebSocket with the subprotocol `messenger.v1`; one JSON object in each text frame.',
  servers: [{ $ref: '#/servers/webSocket' }],
  messages: { ...messages('client', fromClient), ...messages('server', fromServer) },
};
const stream = {
  address: '/events',
  description:
    'Server-sent events over HTTP: each `data` line is one of these as JSON, each `id` a place to resume from.',
  messages: messages('stream', onStream),
  servers: [{ $ref: '#/servers/http' }],
};
const answers = new Set(fromClient.map(({ answer }) => answer));
const document = {
  asyncapi: '3.0.0',
  info: {
    title: 'Messenger events',
    version,
    description:
      'The frames of `GET /ws` and the events of `GET /events`. docs/realtime.md explains the protocol, openapi.json has the REST API.',
    license: { name: 'MIT' },
  },
  defaultContentType: 'application/json',
  servers: { webSocket: server('ws'), http: server('http') },
  channels: { socket, stream },
  operations: {
    ...Object.fromEntries(
      fromClient.map(({ type, answer }) => [
        nameOf('receive', type),
        {
          action: 'receive',
          channel: { $ref: '#/channels/socket' },
          messages: [reference(nameOf('client', type))],
          ...(answer && {
            reply: {
              channel: { $ref: '#/channels/socket' },
              messages: [reference(nameOf('server', answer)), reference('serverError')],
            },
          }),
        },
      ]),
    ),
    sendEvents: {
      action: 'send',
      channel: { $ref: '#/channels/socket' },
      messages: fromServer
        .filter(({ type }) => !answers.has(type) && type !== 'error')
        .map(({ type }) => reference(nameOf('server', type))),
    },
    sendStream: {
      action: 'send',
      channel: { $ref: '#/channels/stream' },
      messages: onStream.map(({ type }) => reference(nameOf('stream', type), 'stream')),
    },
  },
  components: {
    schemas: Object.fromEntries([...schemas].sort(([one], [other]) => one.localeCompare(other))),
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer', description: 'In the request, or as the first frame `authenticate`.' },
    },
  },
};

const { diagnostics } = await new Parser().parse(JSON.stringify(document));
/** Of a diagnostic that is an error. */
const ERROR = 0;
const errors = diagnostics.filter(({ severity }) => (severity as unknown) === ERROR);
for (const { message, path } of errors) console.error(`${path.join('.')}: ${message}`);
if (errors.length > 0) process.exitCode = 1;
await writeOrCheck('asyncapi.json', document);
