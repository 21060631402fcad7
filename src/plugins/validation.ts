import AjvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';
import type { FastifySchemaValidationError, FastifyServerOptions } from 'fastify';
import type { TSchema } from '@sinclair/typebox';
import type { ValidateFunction } from 'ajv';
import { validationError, type ApiError } from '../shared/errors.js';
import { oncePerSchemas } from './once-per-schemas.js';
import { buildSerializer } from './serialization.js';
import { TEXT_FORMATS } from '../shared/schema.js';

const buildCompiler = AjvCompiler();

const customOptions = {
  // "5" is not 5.
  coerceTypes: false as const,
  // Unknown fields of a body are refused, not silently dropped.
  removeAdditional: false as const,
  // One error is enough: looking for all of them runs every pattern over a text that is already known to be too long.
  allErrors: false,
  formats: TEXT_FORMATS,
};

/** Ajv's own conversion would take 0x10, 1e3 and, as an infinite number, 1e400. */
const INTEGER = /^-?\d+$/;

/**
 * Makes numbers of the decimal texts that a schema wants as integers, and booleans of "true" and "false"; whatever else
 * stays what it is, and is refused.
 */
function convertTexts(properties: Record<string, { type?: unknown }>, values: Record<string, unknown>): void {
  for (const [name, { type }] of Object.entries(properties)) {
    const value = values[name];
    if (type === 'integer' && typeof value === 'string' && INTEGER.test(value)) values[name] = Number(value);
    if (type === 'boolean' && (value === 'true' || value === 'false')) values[name] = value === 'true';
  }
}

/** A body is checked as it is. A query string and a path have nothing but text, and are converted first. */
const buildValidator: BuildCompilerFromPool = oncePerSchemas((externalSchemas) => {
  const compile = buildCompiler(externalSchemas, { customOptions });
  return (route) => {
    const validate = compile(route) as ValidateFunction;
    if (typeof route !== 'object' || route.httpPart === 'body') return validate;
    const { properties } = route.schema as { properties: Record<string, { type?: unknown }> };
    return new Proxy(validate, {
      apply(target, self, [values]: [Record<string, unknown>]) {
        convertTexts(properties, values);
        return target.call(self, values);
      },
    });
  };
});

/**
 * A check of values that do not come by HTTP, as strict as that of a body.
 * @param models the named schemas to which it may refer.
 * @throws VALIDATION_ERROR
 */
export function compileCheck(schema: TSchema, models: readonly TSchema[] = []): (value: unknown) => void {
  const named = Object.fromEntries(models.map((model): [string, TSchema] => [model.$id ?? '', model]));
  const validate = buildValidator(named)({ schema, method: '', url: '', httpPart: 'body' }) as ValidateFunction;
  return (value) => {
    if (!validate(value)) throw refusedBySchema((validate.errors ?? []) as FastifySchemaValidationError[], 'frame');
  };
}

/** How Fastify checks what comes in, and what it asks while it writes what goes out. */
export const schemaOptions = {
  schemaController: { compilersFactory: { buildValidator, buildSerializer } },
  serializerOpts: { ajv: { formats: TEXT_FORMATS } },
} satisfies FastifyServerOptions;

/** The error answer for what a schema refused. */
export function refusedBySchema(failures: FastifySchemaValidationError[], context: string): ApiError {
  // The first failure of a field says what is wrong; later ones say what follows, such as that no form of several fits.
  const errors = failures
    .toReversed()
    .map((failure): [string, string] => [fieldOf(failure, context), failure.message ?? 'is not valid']);
  return validationError({ errors: Object.fromEntries(errors) });
}

function fieldOf({ instancePath, params }: FastifySchemaValidationError, context: string): string {
  const [, field] = instancePath.split('/');
  const missing = params.missingProperty ?? params.additionalProperty;
  return field ?? (typeof missing === 'string' ? missing : context);
}
