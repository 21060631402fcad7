import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** PostgreSQL's one-letter type, "char", of which its catalogue is full. */
const PG_CHAR = 18;
const PG_TEXT = 25;

/** Which columns of a result are "char", found again by the array of its rows. */
const charColumns = new WeakMap<object, number[]>();

/** Prisma's adapter refuses "char" columns; they pass it as text. */
class CataloguePool extends pg.Pool {
  override query = (async (config: pg.QueryArrayConfig | string) => {
    const result = await super.query(config as pg.QueryArrayConfig);
    // A script of several statements has a result for each, of which nobody reads the rows.
    const fields = Array.isArray(result) ? [] : result.fields;
    const found = fields.flatMap((field, index) => (field.dataTypeID === PG_CHAR ? [index] : []));
    for (const index of found) Object.assign(fields[index] ?? {}, { dataTypeID: PG_TEXT });
    if (found.length > 0) charColumns.set(result.rows, found);
    return result;
  }) as typeof pg.Pool.prototype.query;
}

/** The error in the form from which the schema engine reads what PostgreSQL said. */
function asDriverError({ code = '', severity = '', message, detail, column, hint }: pg.DatabaseError) {
  return new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
}

/**
 * Prisma's adapter, made fit for the schema engine: it reads the whole catalogue, and it runs a migration as one
 * script in one implicit transaction, where the original cuts it at every semicolon, those inside of texts and
 * function bodies too. The shadow database, on which a history is replayed, is the same: give it an empty one.
 */
export function migrationAdapter(url: string): SqlMigrationAwareDriverAdapterFactory & { end(): Promise<void> } {
  const pool = new CataloguePool({ connectionString: url, max: 1, application_name: 'messenger-backend migrate' });
  const original = new PrismaPg(pool);

  async function connect(): Promise<SqlDriverAdapter> {
    const adapter = await original.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    return Object.assign(adapter, {
      async queryRaw(...query: Parameters<typeof queryRaw>) {
        const result = await queryRaw(...query);
        for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
        return result;
      },
      async executeScript(script: string) {
        await pool.query(script).catch((error: unknown) => {
          throw error instanceof pg.DatabaseError ? asDriverError(error) : error;
        });
      },
    });
  }

  return {
    provider: original.provider,
    adapterName: original.adapterName,
    connect,
    connectToShadowDb: connect,
    end: () => pool.end(),
  };
}
