import SerializerSelector, {
  type RouteDefinition,
  type SerializerFactory,
} from '@fastify/fast-json-stringify-compiler';

type Schema = Record<string, unknown>;

const NULLABLE = '-or-null';

/**
 * "Either such a thing or null" is written as a union, which the serializer would check against each of its schemas
 * before it writes a value. For it alone the union becomes one schema that may be null.
 */
function withoutUnions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnions);
  if (typeof value !== 'object' || value === null) return value;
  const [thing, nothing, ...others] = ((value as Schema).anyOf ?? []) as Schema[];
  if (typeof thing?.$ref === 'string' && nothing?.type === 'null' && others.length === 0) {
    return { $ref: `${thing.$ref.slice(0, -1)}${NULLABLE}#` };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutUnions(item)]));
}

const buildCompiler = SerializerSelector();

/** How Fastify writes what goes out. */
export const buildSerializer: SerializerFactory = (externalSchemas, options) => {
  const schemas = Object.entries(externalSchemas as Record<string, Schema>).flatMap(([id, schema]) => {
    const plain = withoutUnions(schema) as Schema;
    return [[id, plain] as const, [`${id}${NULLABLE}`, { ...plain, $id: `${id}${NULLABLE}`, nullable: true }] as const];
  });
  const compile = buildCompiler(Object.fromEntries(schemas), options);
  return (route: RouteDefinition) => compile({ ...route, schema: withoutUnions(route.schema) });
};
