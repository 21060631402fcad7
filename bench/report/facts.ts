import type { Results } from '../results.js';

/** "embedded PostgreSQL 18.1" */
export function databaseName({ database: { kind, version = '' } }: Results): string {
  // The version of a packaged PostgreSQL goes on with the name of the package.
  return `${kind === 'embedded' ? 'embedded PostgreSQL' : 'PostgreSQL'} ${version.split(' ')[0] ?? ''}`.trim();
}

/** The settings that decide how fast the database may be. */
export function databaseSettings({ database }: Results): [string, string][] {
  return Object.entries(database).filter(([name]) => name !== 'kind' && name !== 'version');
}

/** "2025-11-23" */
export function dayOf({ measuredAt }: Results): string {
  return measuredAt.slice(0, 10);
}
