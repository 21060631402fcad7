import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language, Workplace } from './language.js';
import { OPENAPI_GENERATOR_NEEDS, openapiGenerator } from './openapi-generator.js';
import { DOCUMENT, generate, ownFile, run } from './run.js';

const MYPY = ['mypy==2.4.1'];

/** Makes an environment with these packages. @returns the program of it with a name. */
async function install(folder: string, packages: readonly string[]): Promise<(program: string) => string> {
  await run('python3', ['-m', 'venv', 'venv'], { cwd: folder });
  const program = (name: string) => join(folder, 'venv', 'bin', name);
  await run(program('python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages], {
    cwd: folder,
  });
  return program;
}

/** Checks the types of the conversation strictly, and holds it. What is generated is checked as far as it is used. */
async function talk({ folder, environment }: Workplace, program: (name: string) => string, file: string) {
  await copyFile(ownFile(`./python/${file}`), join(folder, 'conversation.py'));
  await run(program('mypy'), ['--strict', '--follow-imports=silent', 'conversation.py'], { cwd: folder });
  await run(program('python'), ['-W', 'error', 'conversation.py'], { cwd: folder, environment });
}

export const python: Language = {
  name: 'python',
  needs: OPENAPI_GENERATOR_NEEDS,
  clients: [
    {
      generator: 'openapi-python-client',
      async check(workplace) {
        const { folder } = workplace;
        const packages = ['openapi-python-client==0.29.1', 'ruff==0.17.6', ...MYPY];
        const program = await install(folder, packages);
        const environment = { PATH: `${join(folder, 'venv', 'bin')}:${process.env.PATH ?? ''}` };
        // It has to be told that lines of JSON, which it does not know, are text.
        await writeFile(join(folder, 'config.yml'), 'content_type_overrides:\n  application/x-ndjson: text/plain\n');
        const options = ['--config', 'config.yml', '--output-path', 'client', '--meta', 'none', '--fail-on-warning'];
        await generate(program('openapi-python-client'), ['generate', '--path', DOCUMENT, ...options], {
          cwd: folder,
          environment,
        });
        await talk(workplace, program, 'openapi_python_client.py');
      },
    },
    {
      generator: 'openapi-generator',
      async check(workplace) {
        const { folder } = workplace;
        await openapiGenerator(workplace, 'python', { packageName: 'client' });
        const packages = [
          'urllib3',
          'pydantic',
          'python-dateutil',
          'types-python-dateutil',
          'typing-extensions',
          ...MYPY,
        ];
        const program = await install(folder, packages);
        await run(program('python'), ['-m', 'pip', 'install', '--quiet', '--no-deps', './client'], { cwd: folder });
        await talk(workplace, program, 'openapi_generator.py');
      },
    },
  ],
};
