import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Results } from '../results.js';
import { deliveryChart } from './delivery-chart.js';
import { withTables } from './document.js';
import { fromEmptyChart } from './from-empty-chart.js';
import { growthChart } from './growth-chart.js';
import { overloadChart } from './overload-chart.js';
import { loginBurstChart } from './login-burst-chart.js';
import { throughputChart } from './throughput-chart.js';

interface Report {
  readonly resultsFile: string;
  /** Of the charts. */
  readonly folder: string;
  /** The Markdown file with the tables. */
  readonly document: string;
}

const CHARTS = {
  'throughput.svg': throughputChart,
  'from-empty.svg': fromEmptyChart,
  'growth.svg': growthChart,
  'overload.svg': overloadChart,
  'login-burst.svg': loginBurstChart,
  'delivery.svg': deliveryChart,
};

/** @returns the files that it wrote: those that were not what the results say. */
export async function writeReport({ resultsFile, folder, document }: Report): Promise<string[]> {
  const results = JSON.parse(await readNeeded(resultsFile, 'Run: npm run bench')) as Results;
  const text = await readNeeded(document, 'The tables are written into it.');
  const fresh = new Map<string, string | undefined>([[document, await withTables(text, document, results)]]);
  for (const [name, chart] of Object.entries(CHARTS)) fresh.set(join(folder, name), chart(results));

  const changed: string[] = [];
  for (const [file, contents] of fresh) {
    if ((await readIfThere(file)) === contents) continue;
    changed.push(file);
    // A chart of a part that is no longer measured would go on telling what an earlier run found.
    if (contents === undefined) await rm(file);
    else {
      await mkdir(folder, { recursive: true });
      await writeFile(file, contents);
    }
  }
  return changed;
}

async function readNeeded(file: string, hint: string): Promise<string> {
  const text = await readIfThere(file);
  if (text === undefined) throw new Error(`There is no ${file}. ${hint}`);
  return text;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
