import { join } from 'node:path';
import { startServer, TYPESCRIPT, type RunningServer } from './process.js';

/** @param frame what it sends to each socket. */
export function startBroadcast(frame: string, folder: string): Promise<RunningServer> {
  const main = join(import.meta.dirname, 'broadcast.main.ts');
  return startServer('broadcast', [...TYPESCRIPT, main], { FRAME: frame, NODE_ENV: 'production' }, folder);
}
