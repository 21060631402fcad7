import { backoffMs, sleep } from './timing.js';
import type { Topic } from './topic.js';

const FIRST_MS = 400;
const LONGEST_MS = 3000;

/**
 * Loads what a view lacks, for as long as somebody watches it: at once, with each change of the topic, and again when it could
 * not be had. @param load gives undefined when nothing is missing. @returns what ends it.
 */
export function keepLoading(topic: Topic, load: () => Promise<void> | undefined): () => void {
  let isBusy = false;
  let isOver = false;
  const run = async () => {
    if (isBusy) return;
    isBusy = true;
    for (let failures = 0, task = load(); task; task = isOver ? undefined : load()) {
      try {
        await task;
        break;
      } catch {
        await sleep(backoffMs(failures++, FIRST_MS, LONGEST_MS));
      }
    }
    isBusy = false;
  };
  void run();
  const end = topic.watch(() => void run());
  return () => {
    isOver = true;
    end();
  };
}
