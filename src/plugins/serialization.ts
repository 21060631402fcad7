import SerializerSelector, {
  type RouteDefinition,
  type SerializerFactory,
} from '@fastify/fast-json-stringify-compiler';

type Schema = Record<string, unknown>;

const NULLABLE = '-or-null';

/**
 * The serializer would check the value of a union against each of its schemas before it writes it. For it alone
 * "either such a thing or null" becomes one schema that may be null, and any other union becomes a value that is written
 * as it is: what the database has made as JSON keeps all of its fields.
 */
function withoutUnions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnions);
  if (typeof value !== 'object' || value === null) return value;
  const { $id, anyOf, oneOf } = value as { $id?: string; anyOf?: Schema[]; oneOf?: Schema[] };
  const [thing, nothing, ...others] = anyOf ?? [];
  if (typeof thing?.$ref === 'string' && nothing?.type === 'null' && others.length === 0) {
    return { $ref: `${thing.$ref.slice(0, -1)}${NULLABLE}#` };
  }
  if (anyOf ?? oneOf) return $id === undefined ? {} : { $id };
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
