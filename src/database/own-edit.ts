import type { Field } from './projection.js';

/**
 * How a field of a message is read that an edit changes: who has edited it in the shadow sees it so alone.
 * @param read makes the field of the JSON of that edit.
 */
export function withOwnEdit(
  column: string,
  read: (edit: string) => string = (edit) => `nullif(${edit} -> '${column}', 'null')`,
): Pick<Field, 'sql' | 'varies'> {
  return {
    sql: (message, reader) =>
      reader
        ? `case when ${message}.own_edit is null or ${message}.author_id <> ${reader.id} then ${message}.${column} else ${read(`${message}.own_edit`)} end`
        : `${message}.${column}`,
    varies: (message) => `${message}.own_edit is not null`,
  };
}
