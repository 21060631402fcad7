import AjvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';
import type { FastifySchemaValidationError, FastifyServerOptions } from 'fastify';
import { validationError, type ApiError } from '../shared/errors.js';
import { TEXT_FORMAT, isText } from '../shared/schema.js';

const buildCompiler = AjvCompiler();

const ajvOptions = {
  // Unknown fields of a body are refused, not silently dropped.
  removeAdditional: false as const,
  // One error is enough: looking for all of them runs every pattern over a text that is already known to be too long.
  allErrors: false,
  formats: { [TEXT_FORMAT]: isText },
};

/** In a body "5" is not 5, while a query string and a path have nothing but text and are converted. */
const buildValidator: BuildCompilerFromPool = (externalSchemas) => {
  const withCoercion = (coerceTypes: boolean) =>
    buildCompiler(externalSchemas, { customOptions: { ...ajvOptions, coerceTypes } });
  const exact = withCoercion(false);
  const converting = withCoercion(true);
  return (route) => {
    const isBody = typeof route === 'object' && route.httpPart === 'body';
    return isBody ? exact(route) : converting(route);
  };
};

export const schemaController: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: { buildValidator },
};

/** The error answer for what a schema refused. */
export function refusedBySchema(failures: FastifySchemaValidationError[], context: string): ApiError {
  const errors = failures.map((failure) => [fieldOf(failure, context), failure.message ?? 'is not valid']);
  return validationError({ errors: Object.fromEntries(errors) as Record<string, string> });
}

function fieldOf({ instancePath, params }: FastifySchemaValidationError, context: string): string {
  const [, field] = instancePath.split('/');
  const missing = params.missingProperty ?? params.additionalProperty;
  return field ?? (typeof missing === 'string' ? missing : context);
}
