import SerializerSelector, {
  type RouteDefinition,
  type SerializerFactory,
} from '@fastify/fast-json-stringify-compiler';
import { oncePerSchemas } from './once-per-schemas.js';

type Schema = Record<string, unknown>;
type Schemas = Record<string, Schema>;
type SerializerOptions = Parameters<SerializerFactory>[1];
type Serializer = ReturnType<ReturnType<SerializerFactory>>;

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

/** The schemas of all that have been named in the value, and in those. */
function referencedBy(value: unknown, schemas: Schemas, found: Schemas = {}): Schemas {
  if (typeof value !== 'object' || value === null) return found;
  const name = '$ref' in value && typeof value.$ref === 'string' ? value.$ref.slice(0, -1) : undefined;
  const schema = name === undefined ? undefined : schemas[name];
  if (name !== undefined && schema && !(name in found)) {
    found[name] = schema;
    referencedBy(schema, schemas, found);
  }
  for (const item of Object.values(value)) referencedBy(item, schemas, found);
  return found;
}

const buildCompiler = SerializerSelector();

/**
 * By all schemas that have a name, and by that of the answer: servers of one process share them. Most answers are one of a
 * few errors, and the compiler checks all schemas that it is given each time: to make each serializer once, of what it
 * needs, is most of the time of a start.
 */
const serializers = new Map<string, Map<string, Serializer>>();

/** How Fastify writes what goes out. */
export const buildSerializer: SerializerFactory = oncePerSchemas((externalSchemas, options?: SerializerOptions) => {
  const schemas = Object.fromEntries(
    Object.entries(externalSchemas as Schemas).flatMap(([id, schema]) => {
      const plain = withoutUnions(schema) as Schema;
      const nullable = `${id}${NULLABLE}`;
      return [[id, plain] as const, [nullable, { ...plain, $id: nullable, nullable: true }] as const];
    }),
  );
  const all = JSON.stringify(schemas);
  const known = serializers.get(all) ?? new Map<string, Serializer>();
  serializers.set(all, known);
  const make = (route: RouteDefinition) => {
    const schema = withoutUnions(route.schema);
    return buildCompiler(referencedBy(schema, schemas), options)({ ...route, schema });
  };
  return (route: RouteDefinition) => {
    const key = JSON.stringify(route.schema);
    const serializer = known.get(key) ?? make(route);
    known.set(key, serializer);
    return serializer;
  };
});
