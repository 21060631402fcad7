import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownFile } from './run.js';

interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/** The server as an operator starts it, on a free port and on an embedded database of its own. */
export async function startServer(folder: string): Promise<Running> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const server = spawn(process.execPath, ['--import', loader, ownFile('../../src/main.ts')], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const url = new Promise<string>((resolve, reject) => {
    server.stdout.on('data', (chunk) => {
      output += String(chunk);
      const found = /Server listening at (http:\S+?)"/.exec(output)?.[1];
      if (found) resolve(found);
    });
    server.on('close', () => {
      reject(new Error(`The server did not start.\n${output}`));
    });
  });
  return {
    url: await url,
    async stop() {
      server.kill('SIGTERM');
      if (server.exitCode === null) await once(server, 'close');
    },
  };
}
