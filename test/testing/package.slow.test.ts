// The kit as applications have it: built, among their packages, as docs/testing.md prints it.
import { readFileSync } from 'node:fs';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Application, run, type Run } from './package.js';

const ROOT = join(import.meta.dirname, '../..');

let application: Application;

beforeAll(async () => {
  application = await Application.create();
});
afterAll(() => application.remove());

let lastScript = 0;

/** Runs the lines as a program of the application. */
async function script(lines: string): Promise<Run> {
  const file = `script-${++lastScript}.mjs`;
  await writeFile(
    join(application.folder, file),
    `import { startMessenger } from 'messenger-backend/testing';\n${lines}`,
  );
  return run(process.execPath, [file], application.folder);
}

const START_AND_ASK = `
  const messenger = await startMessenger();
  const ada = await messenger.user('ada');
  console.log((await ada.request('GET', '/user/me')).status);
  await messenger.stop();`;

describe('the kept database', () => {
  it('is made once by programs that start at the same time', async () => {
    const runs = await Promise.all([script(START_AND_ASK), script(START_AND_ASK), script(START_AND_ASK)]);
    for (const each of runs) expect(each).toEqual({ code: 0, output: '200\n' });
    expect(await application.cached()).toHaveLength(1);
  });

  it.each([
    ['no archive', () => Buffer.from('This is no archive.')],
    ['cut off', (file: Buffer) => file.subarray(0, file.length / 2)],
  ])('is made again when it is %s', async (_how, damage) => {
    const [name = ''] = await application.cached();
    const file = join(application.cache, name);
    await writeFile(file, damage(await readFile(file)));
    expect(await script(START_AND_ASK)).toEqual({ code: 0, output: '200\n' });
    expect((await readFile(file)).length).toBeGreaterThan(1_000_000);
  });
});

describe('a messenger', () => {
  it('leaves nothing open, also when it is not stopped', async () => {
    const lines = `
      const [one, other] = await Promise.all([startMessenger(), startMessenger()]);
      await (await one.user('ada')).request('GET', '/user/me');
      await other.stop();
      await other.stop();
      await other.user('ada').catch((error) => console.log(error.message));`;
    expect(await script(lines)).toEqual({ code: 0, output: 'The messenger has been stopped.\n' });
  });

  it('names the settings that are wrong', async () => {
    const lines = `
      for (const settings of [{ ACCESS_TOKEN_TTL: 0 }, { ACCESS_TOKEN_LIFE: 60 }, { DATA_DIR: 'data' }])
        await startMessenger(settings).catch((error) => console.log(error.message));`;
    const output = [
      'ACCESS_TOKEN_TTL must be a whole number of seconds, 1 or more.',
      'There is no setting ACCESS_TOKEN_LIFE.',
      'The test kit decides DATA_DIR itself.\n',
    ].join('\n');
    expect(await script(lines)).toEqual({ code: 0, output });
  });

  it('has types', async () => {
    const source = `
      import { startMessenger, type TestUser } from 'messenger-backend/testing';
      await using messenger = await startMessenger({ ACCESS_TOKEN_TTL: 60 });
      const ada: TestUser = await messenger.user('ada');
      export const id: number = ada.id;`;
    await writeFile(join(application.folder, 'typed.mts'), source);
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2023,esnext.disposable,dom',
    ];
    const types = ['--typeRoots', join(ROOT, 'node_modules/@types'), '--types', 'node'];
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    expect(await run(process.execPath, [tsc, ...options, ...types, 'typed.mts'], application.folder)).toEqual({
      code: 0,
      output: '',
    });
  });
});

describe('the examples of docs/testing.md work as printed', () => {
  const page = readFileSync(join(ROOT, 'docs/testing.md'), 'utf8');

  /** Writes the example into the application. */
  async function print(name: string): Promise<void> {
    const [, example] = page.split(`\`\`\`js ${name}\n`);
    await writeFile(join(application.folder, name), example!.split('```')[0]!);
  }

  beforeAll(async () => {
    await writeFile(join(application.folder, 'package.json'), '{ "type": "module" }');
  });

  it('with Vitest', async () => {
    await print('chat.vitest.test.js');
    await symlink(join(ROOT, 'node_modules/vitest'), join(application.packages, 'vitest'));
    const vitest = [join(application.packages, 'vitest/vitest.mjs'), 'run', 'chat.vitest.test.js'];
    const { code, output } = await run(process.execPath, vitest, application.folder);
    expect(output).toMatch(/2 passed/);
    expect(code).toBe(0);
  });

  it('with node:test', async () => {
    await print('chat.node.test.mjs');
    const { code, output } = await run(process.execPath, ['--test', 'chat.node.test.mjs'], application.folder);
    // What fails is said, and not only that the rest is missing.
    expect(output, output).not.toMatch(/^not ok/m);
    expect(output).toMatch(/pass 2\n/);
    expect(code).toBe(0);
  });

  it('with Jest (needs a registry of npm)', async ({ skip }) => {
    await print('chat.jest.test.js');
    // Beside the application, whose packages npm would tidy up.
    const folder = join(application.folder, 'jest');
    const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', 'jest@30'];
    const installed = await run('npm', install, application.folder, process.env);
    if (installed.code !== 0) skip(`Jest could not be installed: ${installed.output}`);
    const jest = [
      ...['--experimental-vm-modules', join(folder, 'node_modules/jest/bin/jest.js')],
      ...['--rootDir', application.folder, 'chat.jest.test.js'],
    ];
    const { code, output } = await run(process.execPath, jest, application.folder);
    expect(output).toMatch(/1 passed/);
    expect(code).toBe(0);
  });
});
