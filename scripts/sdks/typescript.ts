import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language, Workplace } from './language.js';
import { DOCUMENT, generate, ownFile, run } from './run.js';

const VERSIONS = {
  '@hey-api/openapi-ts': '0.95.0',
  '@types/node': '20.19.43',
  'openapi-fetch': '0.17.0',
  'openapi-typescript': '7.13.0',
  typescript: '6.0.3',
};

const COMPILER_OPTIONS = {
  ...{ target: 'ES2023', lib: ['ES2023', 'DOM', 'DOM.Iterable'], module: 'ESNext', moduleResolution: 'Bundler' },
  ...{ types: ['node'], strict: true, noUncheckedIndexedAccess: true, noImplicitOverride: true, skipLibCheck: false },
  outDir: 'out',
};

/** Compiles the conversation and what it imports, and holds it. */
async function talk({ folder, environment }: Workplace, file: string): Promise<void> {
  await copyFile(ownFile(`./typescript/${file}`), join(folder, 'conversation.ts'));
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['conversation.ts'] }),
  );
  await run('npx', ['tsc', '--project', '.'], { cwd: folder });
  // What tsc leaves has imports without endings, as bundlers take them.
  await run(
    'npx',
    ['esbuild', 'conversation.ts', '--bundle', '--platform=node', '--format=esm', '--outfile=bundle.mjs'],
    {
      cwd: folder,
    },
  );
  await run(process.execPath, ['bundle.mjs'], { cwd: folder, environment });
}

async function install(folder: string): Promise<void> {
  const overrides = { 'openapi-typescript': { typescript: VERSIONS.typescript } };
  const devDependencies = { ...VERSIONS, esbuild: '0.28.1' };
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', devDependencies, overrides }),
  );
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
}

export const typescript: Language = {
  name: 'typescript',
  needs: ['npm'],
  clients: [
    {
      generator: 'openapi-typescript',
      async check(workplace) {
        const { folder } = workplace;
        await install(folder);
        await generate('npx', ['openapi-typescript', DOCUMENT, '--output', 'api.ts'], { cwd: folder });
        await talk(workplace, 'openapi-fetch.ts');
      },
    },
    {
      generator: 'hey-api',
      async check(workplace) {
        const { folder } = workplace;
        await install(folder);
        await generate('npx', ['openapi-ts', '--input', DOCUMENT, '--output', 'api'], { cwd: folder });
        await talk(workplace, 'hey-api.ts');
      },
    },
  ],
};
