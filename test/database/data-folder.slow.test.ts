import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DataFolderInUseError, openDataFolder, runningDatabaseUrl } from '../../src/database/embedded/data-folder.js';
import { postgresUrl } from '../support/database.js';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'messenger-test-folder-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

describe.skipIf(postgresUrl)('the data folder (with the embedded database)', () => {
  it('keeps what was written, and can be found by tools of its owner while it is open', async () => {
    const folder = await emptyFolder();
    const first = await openDataFolder(folder);
    await query(first.url, 'create table kept as select 42 as answer');
    expect(await runningDatabaseUrl(folder)).toBe(first.url);
    expect((await stat(join(folder, 'database-url'))).mode & 0o777).toBe(0o600);
    await first.close();
    expect(await runningDatabaseUrl(folder)).toBeUndefined();
    expect(await readdir(folder)).toEqual(['postgres']);

    const second = await openDataFolder(folder);
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(new URL(second.url).password).not.toBe(new URL(first.url).password);
    await second.close();
  });

  it('is open in one process only, and the refusal leaves that one alone', async () => {
    const folder = await emptyFolder();
    const first = await openDataFolder(folder);
    await expect(openDataFolder(folder)).rejects.toThrow(DataFolderInUseError);
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await runningDatabaseUrl(folder)).toBe(first.url);
    await first.close();
  });

  it('survives a kill at any time of the first start', async () => {
    const folder = await emptyFolder();
    for (const afterMs of [1000, 2000]) {
      // A program in a file: the options of one on the command line would reach the database's thread, and end it.
      const program = join(folder, 'open.mjs');
      const module = pathToFileURL(join(import.meta.dirname, '../../src/database/embedded/data-folder.ts')).href;
      await writeFile(program, `(await import('${module}')).openDataFolder(${JSON.stringify(folder)});`);
      const child = spawn(process.execPath, ['--import', 'tsx', program]);
      setTimeout(() => child.kill('SIGKILL'), afterMs);
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    }
    const database = await openDataFolder(folder);
    expect(await query(database.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await database.close();
  });
});
