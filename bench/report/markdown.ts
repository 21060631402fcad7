/** A column of a table: its title, and what it says of a row. */
export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** Whether it has words; numbers stand at the right. */
  readonly words?: boolean;
}

export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ words }) => (words ? '---' : '---:'))),
    ...rows.map((row) => line(columns.map(({ of }) => escaped(of(row))))),
  ].join('\n');
}

export function section(title: string, ...parts: readonly string[]): string {
  return [`### ${title}`, ...parts].join('\n\n');
}

export function escaped(text: string): string {
  return text.replaceAll(/[\\`*_<|]/g, '\\$&');
}
