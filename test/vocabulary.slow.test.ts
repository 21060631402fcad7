import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

// cspell:disable-next-line
const BAD = 'The healer tells whoever comes, and the chat is recieved.';

/** What the check says of a text. */
function check(text: string): string {
  const command = [join(ROOT, 'node_modules/cspell/bin.mjs'), '--no-progress', '--no-summary', 'stdin'];
  return spawnSync(process.execPath, command, { cwd: ROOT, input: text, encoding: 'utf8' }).stdout;
}

it('refuses old names and misspelt words', () => {
  const said = check(BAD);
  // cspell:disable-next-line
  for (const word of ['healer', 'whoever', 'recieved']) expect(said).toContain(`(${word})`);
  expect(check('A user who comes is told by the reconciler.')).toBe('');
});
