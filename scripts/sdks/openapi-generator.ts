import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workplace } from './language.js';
import { DOCUMENT, generate, run } from './run.js';

const VERSION = '7.26.0';

/** Its own: it says these of any document. */
const KNOWN_WARNINGS = [
  /OpenAPI 3\.1 support is still in beta/,
  /ModelUtils - Failed to get the schema name: null/,
  // Rust spells its own words in another way, and media types too.
  /type cannot be used as a field\/variable name\. Renamed to r/,
  /ApplicationJson cannot be used as a model name\. Renamed to ApplicationSlashJson/,
];

/** What openapi-generator needs to run: the jar comes in a package of Python. */
export const OPENAPI_GENERATOR_NEEDS = ['python3', 'java'];

/** Makes a client in `client`, in the workplace's folder. */
export async function openapiGenerator(
  { folder, shared }: Workplace,
  generator: string,
  properties: Record<string, string>,
): Promise<void> {
  const target = join(shared, 'openapi-generator');
  const jar = join(target, 'openapi_generator_cli', 'openapi-generator.jar');
  const isThere = await access(jar).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const args = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', target];
    await run('python3', [...args, `openapi-generator-cli==${VERSION}`], { cwd: shared });
  }
  const without = 'apiTests=false,modelTests=false,apiDocs=false,modelDocs=false';
  const list = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  await generate(
    'java',
    [
      ...['-jar', jar, 'generate', '--input-spec', DOCUMENT, '--generator-name', generator, '--output', 'client'],
      ...['--global-property', without, '--additional-properties', list.join(',')],
    ],
    { cwd: folder },
    KNOWN_WARNINGS,
  );
}
