import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isInstalled, run } from '../../scripts/sdks/run.js';

const ROOT = join(import.meta.dirname, '../../examples');

interface Example {
  readonly language: string;
  /** Makes the client in a folder. @returns the command that runs it, or why it can't be made here. */
  readonly make: (folder: string) => Promise<readonly string[] | string>;
}

/** The clients of `examples/`. */
export const EXAMPLES: readonly Example[] = [
  {
    language: 'python',
    async make(folder) {
      if (!isInstalled('python3')) return 'python3 is not installed';
      await mkdir(folder);
      const python = join(folder, 'venv/bin/python');
      const requirements = join(ROOT, 'python/requirements.txt');
      try {
        await run('python3', ['-m', 'venv', 'venv'], { cwd: folder });
        const install = ['install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
        await run(python, ['-m', 'pip', ...install], { cwd: folder });
      } catch (error) {
        return `its packages can't be had: ${(error as Error).message}`;
      }
      return [python, '-B', join(ROOT, 'python/conformance.py')];
    },
  },
  {
    language: 'go',
    async make(folder) {
      if (!isInstalled('go')) return 'go is not installed';
      await mkdir(folder);
      const cwd = join(ROOT, 'go');
      try {
        await run('go', ['mod', 'download'], { cwd });
      } catch (error) {
        return `its modules can't be had: ${(error as Error).message}`;
      }
      await run('go', ['vet', './...'], { cwd });
      await run('go', ['build', '-o', join(folder, 'client'), './conformance'], { cwd });
      return [join(folder, 'client')];
    },
  },
];
