import { isDeepStrictEqual } from 'node:util';
import { Type } from '@sinclair/typebox';
import { validationError } from './errors.js';
import { isTooDeep } from './json.js';
import { isText } from './schema.js';

/** JSON that clients and the host application attach to a user, a chat or a message. The server keeps it, and never looks into it. */
export type CustomData = Readonly<Record<string, unknown>>;

const KEY = '^[a-z][a-z0-9_]{0,63}$';
const MAX_KEYS = 64;
const MAX_BYTES = 4096;
const MAX_DEPTH = 5;

/** As it is in answers. */
export function CustomData(description: string) {
  return Type.Unsafe<CustomData>({ type: 'object', additionalProperties: true, description });
}

/** As it is given to what is new. */
export function NewCustomData(description: string) {
  return Type.Unsafe<CustomData>({
    type: 'object',
    additionalProperties: true,
    propertyNames: { pattern: KEY },
    maxProperties: MAX_KEYS,
    description: `${description} All together: ${MAX_KEYS} names, ${MAX_BYTES} bytes as JSON, ${MAX_DEPTH} levels.`,
  });
}

/** As it is given to what may have some. */
export function CustomDataPatch(description: string) {
  return NewCustomData(`${description} Each name that is given gets its value, and null removes it; other names stay.`);
}

/**
 * The data with the changes of the patch; null when nothing is left.
 * @param field of the request, for the error.
 * @param patch null or undefined changes nothing.
 * @throws VALIDATION_ERROR when that would be too much, or is nothing that PostgreSQL can keep.
 */
export function patchCustomData(
  field: string,
  before: CustomData | null,
  patch: CustomData | null | undefined,
): CustomData | null {
  if (!patch) return before;
  const merged = { ...before, ...patch };
  const data = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  const count = Object.keys(data).length;
  if (count === 0) return null;
  const refuse = (must: string) => validationError({ errors: { [field]: must } });
  if (count > MAX_KEYS) throw refuse(`must NOT have more than ${MAX_KEYS} names`);
  if (!isStorable(data)) throw refuse('must be of texts without NUL or half characters, and of finite numbers');
  const json = JSON.stringify(data);
  if (Buffer.byteLength(json) > MAX_BYTES) throw refuse(`must NOT have more than ${MAX_BYTES} bytes as JSON`);
  if (isTooDeep(json, MAX_DEPTH)) throw refuse(`must NOT have more than ${MAX_DEPTH} levels`);
  return data;
}

/** The patch that leads from one to the other: the names that differ. undefined: none does. */
export function customDataDifference(before: CustomData | null, after: CustomData | null): CustomData | undefined {
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => !isDeepStrictEqual(before?.[name], after?.[name]),
  );
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, after?.[name] ?? null]));
}

/** Whether both have the same names and values, in any order. */
export function isSameCustomData(one: CustomData | null, other: CustomData | null): boolean {
  return isDeepStrictEqual(one, other);
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isText(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isText(key) && isStorable(item));
}
