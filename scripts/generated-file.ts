import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';

/**
 * Writes a document that is made of the code; or, when the program was called with "check", ends it with 1 if the
 * committed file says something else.
 */
export async function writeOrCheck(name: string, document: unknown): Promise<void> {
  const file = new URL(`../${name}`, import.meta.url);
  const fresh = await format(JSON.stringify(document), { parser: 'json', printWidth: 120 });
  if (process.argv[2] !== 'check') {
    await writeFile(file, fresh);
    return;
  }
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed === fresh) return;
  console.error(`${name} is not what the code says. Run: npm run ${name.replace('.json', '')}`);
  process.exitCode = 1;
}
