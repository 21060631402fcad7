import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { TEXT_FORMATS } from '../../src/shared/schema.js';

type Channel = 'socket' | 'stream';

interface Document {
  readonly channels: Record<Channel, { messages: Record<string, { name: string; payload: { $ref: string } }> }>;
  readonly components: { readonly schemas: Record<string, object> };
}

const document = JSON.parse(readFileSync(new URL('../../asyncapi.json', import.meta.url), 'utf8')) as Document;

/** The schemas that a client has, but for what they leave open to later versions: no other field, and no unknown change. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]) => [key, closed(value)] as const);
  const isOpen = 'properties' in part && !('additionalProperties' in part);
  return { ...Object.fromEntries(entries), ...(isOpen && { additionalProperties: false }) };
}

const ajv = new Ajv({ strict: false, formats: { int32: true, int64: true, ...TEXT_FORMATS } });
addFormats.default(ajv);
const { KnownChange, KnownOwnChange } = document.components.schemas;
const schemas = { ...document.components.schemas, Change: KnownChange, OwnChange: KnownOwnChange };
ajv.addSchema({ $id: 'asyncapi', components: { schemas: closed(schemas) } });

function validatorsOf(channel: Channel, prefix: string): ReadonlyMap<string, ValidateFunction> {
  const messages = Object.entries(document.channels[channel].messages).filter(([name]) => name.startsWith(prefix));
  return new Map(messages.map(([, { name, payload }]) => [name, ajv.compile({ $ref: `asyncapi${payload.$ref}` })]));
}

const validators = { socket: validatorsOf('socket', 'server'), stream: validatorsOf('stream', 'stream') };

/** What has left a server and is not as asyncapi.json says; a test in which there is any fails. */
export const wrongFrames: string[] = [];

/** Checks a frame, or an event of a stream, that leaves a server. */
export function inspectFrame(channel: Channel, text: string): void {
  const { type } = JSON.parse(text) as { type: string };
  const validate = validators[channel].get(type);
  if (!validate) wrongFrames.push(`asyncapi.json has no ${type} for the ${channel}: ${text}`);
  else if (!validate(JSON.parse(text))) wrongFrames.push(`${ajv.errorsText(validate.errors)}: ${text}`);
}
