// `npm run keys -- create|list|revoke` manages the API keys of the database that the server uses, also while it runs.
import { parseArgs } from 'node:util';
import { OPERATOR } from './audit/index.js';
import type { Database } from './database/index.js';
import { SCOPES, createKey, isScope, listKeys, revokeKey } from './features/index.js';
import { operate, type Command } from './operate.js';

const USAGE = `npm run keys -- create --name NAME --scopes SCOPE,… [--expires TIME] [--cidrs NETWORK,…]
npm run keys -- list
npm run keys -- revoke PREFIX

Scopes:
${Object.entries(SCOPES)
  .map(([scope, meaning]) => `  ${scope.padEnd(16)}${meaning}`)
  .join('\n')}`;

/** @returns undefined for what is no command. */
function readCommand(args: string[]): Command | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      scopes: { type: 'string' },
      expires: { type: 'string' },
      cidrs: { type: 'string' },
    },
  });
  const [command, prefix, ...more] = positionals;
  if (command === 'list' && prefix === undefined) return list;
  if (command === 'revoke' && prefix !== undefined && more.length === 0) return (db) => revoke(db, prefix);
  const { name, scopes, expires, cidrs } = values;
  if (command !== 'create' || prefix !== undefined || name === undefined || scopes === undefined) return undefined;
  const wanted = scopes.split(',').filter(isScope);
  if (wanted.length !== scopes.split(',').length) return undefined;
  const options = {
    ...{ name, scopes: wanted },
    ...(expires !== undefined && { expires_at: expires }),
    ...(cidrs !== undefined && { allowed_cidrs: cidrs.split(',') }),
  };
  return async (db) => {
    const { key } = await createKey(db, options, OPERATOR);
    console.error('This is the key. It is shown this once:');
    console.log(key);
  };
}

async function list(db: Database): Promise<void> {
  console.table(
    (await listKeys(db)).map(({ prefix, name, scopes, expires_at, revoked_at, last_used_at }) => {
      const ended = revoked_at ?? (expires_at !== null && expires_at < new Date() ? expires_at : null);
      return {
        ...{ prefix, name, scopes: scopes.join(' ') },
        ...{ expires: expires_at?.toISOString(), ended: ended?.toISOString(), used: last_used_at?.toISOString() },
      };
    }),
  );
}

async function revoke(db: Database, prefix: string): Promise<void> {
  if (!(await revokeKey(db, { prefix }, OPERATOR))) throw new Error(`There is no key ${prefix}.`);
  console.error(`${prefix} ends within a second.`);
}

await operate(USAGE, readCommand);
