/**
 * Fastify asks for a compiler once for each plugin, nearly always with the schemas of the plugin before: what was made of
 * them is kept until others come.
 */
export function oncePerSchemas<Schemas, Rest extends unknown[], Made>(
  make: (schemas: Schemas, ...rest: Rest) => Made,
): (schemas: Schemas, ...rest: Rest) => Made {
  let last: { schemas: Schemas; made: Made } | undefined;
  return (schemas, ...rest) => {
    if (!last || !areSame(last.schemas, schemas)) last = { schemas, made: make(schemas, ...rest) };
    return last.made;
  };
}

function areSame(some: unknown, others: unknown): boolean {
  const named = new Map(Object.entries(others as object));
  const entries = Object.entries(some as object);
  return entries.length === named.size && entries.every(([name, schema]) => named.get(name) === schema);
}
