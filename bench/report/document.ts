import { format, resolveConfig } from 'prettier';
import type { Results } from '../results.js';
import { tables } from './tables.js';

const BEGIN = '<!-- results: begin -->';
const END = '<!-- results: end -->';

/** The document with the tables of the results between its markers, as prettier formats it. */
export async function withTables(text: string, file: string, results: Results): Promise<string> {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin === -1 || end === -1) {
    throw new Error(`${file} needs the lines "${BEGIN}" and "${END}": the tables are written between them.`);
  }
  const fresh = `${text.slice(0, begin)}${BEGIN}\n\n${tables(results)}\n\n${text.slice(end)}`;
  return format(fresh, { ...(await resolveConfig(file)), filepath: file });
}
