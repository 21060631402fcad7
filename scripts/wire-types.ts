// Writes the types of everything that travels between the server and messenger-client (sdk/) from openapi.json and
// asyncapi.json. `npm run generate` runs it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

type Schemas = Record<string, object>;

interface AsyncApi {
  readonly channels: Record<'socket' | 'stream', { messages: Record<string, { payload: { $ref: string } }> }>;
  readonly components: { schemas: Schemas };
}

async function read(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`../${name}`, import.meta.url), 'utf8'));
}

const rest = (await read('openapi.json')) as { paths: object; components: { schemas: Schemas; responses: object } };
const events = (await read('asyncapi.json')) as AsyncApi;

/** One schema for everything that goes one way over a channel. */
function union(channel: 'socket' | 'stream', prefix: string) {
  const messages = Object.entries(events.channels[channel].messages).filter(([name]) => name.startsWith(prefix));
  return { oneOf: messages.map(([, { payload }]) => payload) };
}

const schemas = {
  ...events.components.schemas,
  ...rest.components.schemas,
  ServerFrame: union('socket', 'server'),
  StreamEvent: union('stream', 'stream'),
  ClientFrame: union('socket', 'client'),
};
const { components } = rest;
// The others need an API key, which no client of a user has.
const paths = Object.fromEntries(Object.entries(rest.paths).filter(([path]) => !path.startsWith('/server/')));
const document = {
  ...{ openapi: '3.1.0', info: { title: 'Wire', version: '1' }, paths },
  components: { responses: components.responses, schemas },
};
const folder = new URL('../sdk/src/generated/', import.meta.url);
await mkdir(folder, { recursive: true });
const nodes = await openapiTS(JSON.stringify(document), { immutable: true, silent: true });
await writeFile(new URL('wire.ts', folder), astToString(nodes));
