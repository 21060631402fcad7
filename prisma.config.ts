import { defineConfig } from 'prisma/config';

// `prisma generate`, `validate`, `format` and `studio` look for the schema-engine binary and would download it,
// though none of them uses it. Any existing file satisfies the look-up, so they work where only the npm
// registry can be reached. The commands that do need the engine (`prisma migrate`, `prisma db`) keep theirs.
const needsEngine = process.argv.some((word) => word === 'migrate' || word === 'db');
if (!needsEngine) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
