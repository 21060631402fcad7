import pg from 'pg';

const PROBE = { name: 'pooler_probe', text: 'select 1' };

/** A prepared statement is there already, or is not there: the codes of PostgreSQL's class 42 and 26. */
const MIXED_UP = new Set<unknown>(['42P05', '26000']);

/**
 * A pooler that gives each transaction another connection has to carry prepared statements along. One that does not has
 * given two of our connections the same one of PostgreSQL's, where a name stands for one statement.
 * @throws Error that says what to do about such a pooler.
 */
export async function checkPooler(pool: pg.Pool): Promise<void> {
  const one = await pool.connect();
  try {
    await one.query(PROBE);
    const other = await pool.connect();
    try {
      await other.query(PROBE);
    } finally {
      other.release();
    }
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !MIXED_UP.has(error.code)) throw error;
    throw new Error(
      'DATABASE_URL leads to a pooler that loses prepared statements. PgBouncer in transaction mode needs to be version ' +
        '1.21 or newer, with max_prepared_statements above 0.',
      { cause: error },
    );
  } finally {
    one.release();
  }
}
