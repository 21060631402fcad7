import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language, Workplace } from './language.js';
import { DOCUMENT, generate, ownFile, run } from './run.js';

const OAPI_CODEGEN = 'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen';
const OGEN = 'github.com/ogen-go/ogen';
const OAPI_CODEGEN_RUNTIME = 'github.com/oapi-codegen/runtime@v1.9.0';

/** A module with these packages, and the generator built. It runs inside of the module, as with `go generate`. */
async function beginModule(folder: string, generator: string, ...packages: string[]): Promise<void> {
  await mkdir(join(folder, 'api'));
  await run('go', ['mod', 'init', 'sdk'], { cwd: folder });
  await run('go', ['get', ...packages], { cwd: folder });
  await run('go', ['build', '-o', 'generator', generator], { cwd: folder });
}

async function talk({ folder, environment }: Workplace, program: string): Promise<void> {
  await cp(ownFile(`./go/${program}`), folder, { recursive: true });
  await run('go', ['mod', 'tidy'], { cwd: folder });
  await run('go', ['vet', './...'], { cwd: folder });
  await run('go', ['build', '-o', 'conversation', '.'], { cwd: folder });
  await run(join(folder, 'conversation'), [], { cwd: folder, environment });
}

export const go: Language = {
  name: 'go',
  needs: ['go'],
  clients: [
    {
      generator: 'oapi-codegen',
      async check(workplace) {
        const { folder } = workplace;
        await beginModule(folder, OAPI_CODEGEN, `${OAPI_CODEGEN}@v2.8.2`, OAPI_CODEGEN_RUNTIME);
        const config = { package: 'api', output: 'api/api.go', generate: { models: true, client: true } };
        await writeFile(join(folder, 'config.yaml'), JSON.stringify(config));
        await generate(join(folder, 'generator'), ['-config', 'config.yaml', DOCUMENT], { cwd: folder });
        await talk(workplace, 'oapi-codegen');
      },
    },
    {
      generator: 'ogen',
      async check(workplace) {
        const { folder } = workplace;
        await beginModule(folder, `${OGEN}/cmd/ogen`, `${OGEN}/cmd/ogen@v1.24.0`, `${OGEN}/json@v1.24.0`);
        // A client alone: what a server would need is not asked of the document.
        const features = { enable: ['paths/client'], disable_all: true };
        await writeFile(join(folder, 'config.yaml'), JSON.stringify({ generator: { features } }));
        const args = ['--target', 'api', '--package', 'api', '--config', 'config.yaml', DOCUMENT];
        await generate(join(folder, 'generator'), args, { cwd: folder }, [/Generating convenient error response/]);
        await talk(workplace, 'ogen');
      },
    },
  ],
};
