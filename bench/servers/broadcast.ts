import { join } from 'node:path';
import { startServer, TYPESCRIPT, type RunningServer } from './process.js';

export function startBroadcast(folder: string): Promise<RunningServer> {
  const main = join(import.meta.dirname, 'broadcast.main.ts');
  return startServer('broadcast', [...TYPESCRIPT, main], { NODE_ENV: 'production' }, folder);
}
