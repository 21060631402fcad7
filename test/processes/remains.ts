import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;

interface Ending {
  /** Sends the signal that ends it for good. */
  endAtOnce(): void;
}

/** What would be left behind. */
export const remains = { programs: new Set<Ending>(), folders: new Set<string>() };

// However this program ends.
process.on('exit', () => {
  endPrograms();
  for (const folder of remains.folders) removeFolder(folder);
});

/** Leaves nothing behind. It does not hold up the event loop: tsx kills a program that does not answer to Ctrl-C. */
export async function endEverything(): Promise<void> {
  while (remains.programs.size > 0) {
    endPrograms();
    await sleep(POLL_MS);
  }
}

export function removeFolder(folder: string): void {
  // A process that is just ending may still be writing.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  remains.folders.delete(folder);
}

function endPrograms(): void {
  for (const program of remains.programs) program.endAtOnce();
}
