import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The document that the clients are made of. */
export const DOCUMENT = fileURLToPath(new URL('../../openapi.json', import.meta.url));

/** A file beside these programs. */
export function ownFile(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

export function isInstalled(program: string): boolean {
  return spawnSync(program, [program === 'go' ? 'version' : '--version']).status === 0;
}

interface Options {
  readonly cwd: string;
  readonly environment?: Record<string, string>;
}

/** @returns what the program said. @throws Error with all of that when it ends with another code than 0. */
export async function run(program: string, args: readonly string[], { cwd, environment }: Options): Promise<string> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const [code] = (await Promise.race([
    once(child, 'close'),
    once(child, 'error').then(([error]) => Promise.reject(error as Error)),
  ])) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${output}`);
  return output;
}

/** Runs a generator, which must have nothing to warn of. `known` are warnings that say nothing of the document. */
export async function generate(
  program: string,
  args: readonly string[],
  options: Options,
  known: readonly RegExp[] = [],
): Promise<void> {
  const output = await run(program, args, options);
  const warnings = [...new Set(output.split('\n'))].filter((line) =>
    /\bwarn|\berror\b|deprecat|not (yet )?(supported|implemented)/i.test(line),
  );
  const unexpected = warnings.filter((line) => !known.some((pattern) => pattern.test(line)));
  if (unexpected.length > 0) throw new Error(`${program} warns:\n${unexpected.join('\n')}`);
}
