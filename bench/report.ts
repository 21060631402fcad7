// `npm run bench:report` writes the tables of docs/performance.md from the committed results.
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import type { Cell, Results, Row, Section } from './section.js';

const DOCUMENT = 'docs/performance.md';
const BEGIN = '<!-- results: begin -->';
const END = '<!-- results: end -->';
const THREE_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

const { environment, parts } = JSON.parse(await readFile('bench/results.json', 'utf8')) as Results;
const facts = Object.entries(environment).map(([name, fact]) => `- ${name}: ${fact}`);
const results = [facts.join('\n'), ...Object.values(parts).flat().map(sectionText)].join('\n\n');
const text = await readFile(DOCUMENT, 'utf8');
const fresh = `${text.split(BEGIN)[0]!}${BEGIN}\n\n${results}\n\n${END}${text.split(END)[1]!}`;
await writeFile(DOCUMENT, await format(fresh, { ...(await resolveConfig(DOCUMENT)), filepath: DOCUMENT }));

function sectionText({ title, text: introduction, rows, lines = {} }: Section): string {
  return [`### ${title}`, introduction, table(rows), ...Object.entries(lines).map(chart)].join('\n\n');
}

function chart([name, values]: [string, readonly number[]]): string {
  const axis = `y-axis "" 0 --> ${Math.ceil(Math.max(...values))}`;
  return ['```mermaid', 'xychart-beta', `title "${name}"`, axis, `line [${values.join(', ')}]`, '```'].join('\n');
}

function table(rows: readonly Row[]): string {
  const columns = Object.entries(rows[0]!);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(([name]) => name)),
    line(columns.map(([, cell]) => (typeof cell === 'string' ? '---' : '---:'))),
    ...rows.map((row) => line(columns.map(([name]) => cellText(row[name] ?? null)))),
  ].join('\n');
}

function cellText(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (cell === null || typeof cell === 'number') return number(cell);
  if ('median' in cell) return `${number(cell.median)} [${number(cell.min)}–${number(cell.max)}]`;
  return cell.map(number).join(' / ');
}

/** What is counted whole; of what is measured three digits: more would only be noise. */
function number(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) ? value.toLocaleString('en-US') : THREE_DIGITS.format(value);
}
