// `npm run studio` opens Prisma Studio on the database that the server uses, also while the server runs.
// What follows -- goes to Studio: npm run studio -- --port 5555 --browser none
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { openToolDatabase } from './tool-database.js';

const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js');
const database = await openToolDatabase();

const url = new URL(database.url);
url.searchParams.set('schema', database.schema);
// The URL holds a password: it goes by the environment, which other users of the machine cannot see.
const studio = spawn(process.execPath, [prisma, 'studio', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, DATABASE_URL: url.href },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => studio.kill(signal));
await once(studio, 'exit');
await database.close();
