import pg from 'pg';

/**
 * The statements of this project call the schema of the tables public. Where they are in another one, this client says its
 * name instead: a search_path would be lost or given to others by a pooler that gives each transaction another connection.
 */
export function clientFor(schema: string): typeof pg.Client {
  if (schema === 'public') return pg.Client;
  const name = pg.escapeIdentifier(schema);
  const renamed = (text: string) => text.replace(/\bpublic\./g, () => `${name}.`);
  type Query = (query: string | pg.QueryConfig, ...rest: unknown[]) => unknown;

  class SchemaClient extends pg.Client {
    // The driver has eight signatures for it.
    override query = ((query, ...rest) => {
      const original = pg.Client.prototype.query.bind(this) as Query;
      if (typeof query === 'string') return original(renamed(query), ...rest);
      return original('text' in query ? { ...query, text: renamed(query.text) } : query, ...rest);
    }) as Query as pg.Client['query'];
  }
  return SchemaClient;
}
