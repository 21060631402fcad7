import { access, readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(import.meta.dirname, 'sabotage');

const modules = await Promise.all(
  (await readdir(FOLDER)).map(async (name) => [name, await readFile(join(FOLDER, name), 'utf8')] as const),
);

it.each(modules)(
  '%s replaces what is there: a build may have kept files whose sources are gone',
  async (_name, text) => {
    const imported = [...text.matchAll(/from '(\.\.\/.*?dist\/.*?)\.js'/g)].map(([, path = '']) => path);
    for (const path of imported) {
      const source = resolve(FOLDER, path).replace(join(ROOT, 'dist'), join(ROOT, 'src'));
      await expect(access(`${source}.ts`), source).resolves.toBeUndefined();
    }
  },
);
