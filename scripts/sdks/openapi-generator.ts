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

/** Where it is, by the folder that it is installed in: once for all languages. */
const jars = new Map<string, Promise<string>>();

function install(folder: string): Promise<string> {
  let jar = jars.get(folder);
  if (!jar) {
    const target = join(folder, 'openapi-generator');
    const args = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', target];
    const path = join(target, 'openapi_generator_cli', 'openapi-generator.jar');
    jar = run('python3', [...args, `openapi-generator-cli==${VERSION}`], { cwd: folder }).then(() => path);
    jars.set(folder, jar);
  }
  return jar;
}

/** Makes a client in `client`, in the workplace's folder. */
export async function openapiGenerator(
  { folder, shared }: Workplace,
  generator: string,
  properties: Record<string, string>,
): Promise<void> {
  const jar = await install(shared);
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
