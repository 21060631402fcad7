import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end, in the folder. */
export async function run(command: string, args: readonly string[], cwd: string, environment = {}): Promise<Run> {
  const { PATH, HOME } = process.env;
  const program = spawn(command, args, { cwd, env: { PATH, HOME, ...environment } });
  let output = '';
  for (const stream of [program.stdout, program.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const [code] = (await once(program, 'close')) as [number | null];
  return { code, output };
}

/** The folder of an application among whose packages is this one, built. */
export class Application {
  private constructor(readonly folder: string) {}

  static async create(): Promise<Application> {
    const application = new Application(await mkdtemp(join(tmpdir(), 'messenger-test-application-')));
    const own = join(application.packages, 'messenger-backend');
    await mkdir(own, { recursive: true });
    for (const name of ['package.json', 'prisma']) await cp(join(ROOT, name), join(own, name), { recursive: true });
    for (const config of ['tsconfig.build.json', 'tsconfig.types.json']) {
      const tsc = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config, '--incremental', 'false'];
      const built = await run(process.execPath, [...tsc, '--outDir', join(own, 'dist')], ROOT);
      if (built.code !== 0) throw new Error(built.output);
    }
    await symlink(join(ROOT, 'node_modules'), join(own, 'node_modules'));
    return application;
  }

  get packages(): string {
    return join(this.folder, 'node_modules');
  }

  /** Where the kit keeps its databases. */
  get cache(): string {
    return join(this.packages, '.cache/messenger-backend');
  }

  cached(): Promise<string[]> {
    return readdir(this.cache);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, maxRetries: 5 });
  }
}
