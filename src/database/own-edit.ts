import type { Field } from './projection.js';

/**
 * SQL for a field of a message that an edit changes. Who has edited it in the shadow sees it so alone.
 * @param read makes the field of the JSON of that edit.
 */
export function withOwnEdit(
  column: string,
  read: (edit: string) => string = (edit) => `nullif(${edit} -> '${column}', 'null')`,
): Field['sql'] {
  return (message, reader) =>
    reader
      ? `case when ${message}.own_edit is null or ${message}.author_id <> ${reader.id} then ${message}.${column} else ${read(`${message}.own_edit`)} end`
      : `${message}.${column}`;
}
