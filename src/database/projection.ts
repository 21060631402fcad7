import { Type, type Static, type TOptional, type TSchema } from '@sinclair/typebox';
import { parseOnce } from './parse-once.js';
import { utc, utcJson, type ListType } from './statements/statement.js';

/** SQL for who reads a row. Not given where the row is the same for everybody, as in an event. */
export interface Reader {
  readonly id: string;
  /** The first message that they may see; null: all of the chat. */
  readonly historyFrom: string;
  /** Set for an event to that reader alone: it has no more of theirs than one for everybody. */
  readonly isOfEvent?: boolean;
}

/** How all rows of a page have a field together that would otherwise cost each row a look-up. */
export interface OfPage {
  /** SQL for what a row has of it. */
  readonly column: (alias: string) => string;
  /** SQL for JSON of what else the rows need; looked up once for all of them. */
  readonly json: (page: PageRows) => string;
  /** Whether a row has all that its value is made of, for each reader: that JSON leaves out rows that are kept. Not given: each has. */
  readonly isComplete?: (row: object) => boolean;
  /** @returns the value for each row, in their order; null: it is left out. */
  readonly values: (
    columns: readonly unknown[],
    json: unknown,
    rows: readonly object[],
    readerId: number,
  ) => readonly unknown[];
}

/** The rows of a page in SQL. */
export interface PageRows {
  /** The name under which they can be selected from. */
  readonly name: string;
  /** Who reads them, for the alias of one of them. */
  readonly readerOf: (alias: string) => Reader;
  /** Whether the page has every row that the reader may see from its first to its last one. */
  readonly isDense: boolean;
  /** SQL for whether the process has the row of an alias already. */
  readonly isKept: (alias: string) => string;
}

/** One field of what the API shows of a row. Columns, JSON, rows and schema are made of it, and of nothing else. */
export interface Field<
  Name extends string = string,
  Schema extends TSchema = TSchema,
  Optional extends boolean = boolean,
> {
  readonly name: Name;
  readonly schema: Schema;
  /** Left out where its value is null. */
  readonly optional: Optional;
  /** SQL for its value, for the alias of the table, and for who reads it. */
  readonly sql: (alias: string, reader?: Reader) => string;
  /** Whether the SQL gives a time, which the API shows in UTC. */
  readonly isTime: boolean;
  /** Of one with a usual value: whether the SQL gives JSON that is read again and again, because many rows have the same or a row is read often. On a page each text is read once. */
  readonly isRepeatedJson: boolean;
  /** What the columns of a row have in place of it. */
  readonly short?: Short;
  /** What it is in most rows. */
  readonly usual?: Usual;
  /** As `usual`, for one that a statement pays for although no row has more: plain columns have its usual value in each row. */
  readonly plain?: Usual;
  /** A time that is mostly that of another field before it: then its column is null, and nothing is written and read twice. */
  readonly sameAs?: string;
  /** As what it is given at sending; a column of that name that may be null. Only of messages. */
  readonly input?: ListType;
  /** Whether the server gives it, and not the author. */
  readonly isByServer?: boolean;
  /** Of a page whose rows are mostly not as usual. */
  readonly ofPage?: OfPage;
  /** SQL for the rows in which its SQL gives something else to another reader, or changes while the number of the row stays. */
  readonly varies?: (alias: string) => string;
  /** Set in place of `sql`: the row of another projection, null where that row is not there. */
  readonly nested?: { readonly projection: Projection<object>; readonly alias: string; readonly reader?: Reader };
}

/** The fields that are as usual cost nothing: all of them come in one column, which is null while each has its usual value. */
export interface Usual {
  /** SQL for whether it has its usual value; it is looked at in every row. */
  readonly sql: (alias: string) => string;
  /** null where the field is left out. */
  readonly value: unknown;
}

/** A text of which the process makes a value that would be long to write and to read. */
export interface Short {
  /** SQL for it, for the alias of the table. */
  readonly sql: (alias: string) => string;
  readonly read: (text: string | null) => unknown;
}

interface FieldOptions<Optional extends boolean> {
  readonly optional?: Optional;
  readonly isTime?: boolean;
  readonly isRepeatedJson?: boolean;
  readonly input?: ListType;
  readonly isByServer?: boolean;
  readonly short?: Short;
  readonly usual?: Usual;
  readonly plain?: Usual;
  readonly sameAs?: string;
  readonly ofPage?: OfPage;
  readonly varies?: (alias: string) => string;
  /** Unless it is the column of the same name. */
  readonly sql?: (alias: string, reader?: Reader) => string;
}

export function field<const Name extends string, Schema extends TSchema, Optional extends boolean = false>(
  name: Name,
  schema: Schema,
  {
    optional,
    isTime = false,
    isRepeatedJson = false,
    input,
    isByServer,
    short,
    usual,
    plain,
    sameAs,
    ofPage,
    varies,
    sql = (alias) => `${alias}.${name}`,
  }: FieldOptions<Optional> = {},
): Field<Name, Schema, Optional> {
  return {
    name,
    schema,
    optional: (optional ?? false) as Optional,
    isTime,
    isRepeatedJson,
    sql,
    ...(short && { short }),
    ...(usual && { usual }),
    ...(plain && { plain }),
    ...(sameAs !== undefined && { sameAs }),
    ...(ofPage && { ofPage }),
    ...(varies && { varies }),
    ...(input && { input, ...(isByServer && { isByServer }) }),
  };
}

/** A column that is a time. */
export function timeField<const Name extends string, Schema extends TSchema, Optional extends boolean = false>(
  name: Name,
  schema: Schema,
  options: Omit<FieldOptions<Optional>, 'isTime'> = {},
): Field<Name, Schema, Optional> {
  return field(name, schema, { ...options, isTime: true });
}

/** @param alias of the row, which has an `id`. @param reader who reads it, where it depends on that. */
export function nestedField<const Name extends string, Schema extends TSchema>(
  name: Name,
  schema: Schema,
  projection: Projection<object>,
  alias: string,
  reader?: Reader,
): Field<Name, Schema, false> {
  return { ...field(name, schema), nested: { projection, alias, ...(reader && { reader }) } };
}

type Properties<Fields extends readonly Field[]> = {
  [F in Fields[number] as F['name']]: F['optional'] extends true ? TOptional<F['schema']> : F['schema'];
};

/** The fields as properties of a schema. */
export function propertiesOf<Fields extends readonly Field[]>(fields: Fields): Properties<Fields> {
  const entries = fields.map(({ name, schema, optional }) => [name, optional ? Type.Optional(schema) : schema]);
  return Object.fromEntries(entries) as Properties<Fields>;
}

type RowOf<Fields extends readonly Field[]> = {
  readonly [F in Fields[number] as F['optional'] extends true ? never : F['name']]: Static<F['schema']>;
} & {
  readonly [F in Fields[number] as F['optional'] extends true ? F['name'] : never]?: Static<F['schema']>;
};

/**
 * For a field that has a value where a column is null. @param value unless it is null or left out. @param table unless it is that of the
 * projection.
 */
export function usuallyNull(column: string, value: unknown = null, table?: string): Usual {
  return { sql: (alias) => `${table ?? alias}.${column} is null`, value };
}

/** For a column that keeps its default in most rows, and is never null. @param sql of the default. */
export function usually(column: string, sql: string, value: unknown): Usual {
  return { sql: (alias) => `${alias}.${column} = ${sql}`, value };
}

/** What the API shows of a row, as columns for hot statements, and as JSON for statements that nest rows. */
export class Projection<Row extends object> {
  readonly #fields: readonly Field[];
  /** Those with a column of their own. */
  readonly #own: readonly Field[];
  /** Those that share the last column. */
  readonly #usual: readonly UsualField[];
  /** Those that a page has together: all of them are optional, and usually null. */
  readonly #ofPage: readonly (UsualField & { readonly ofPage: OfPage })[];
  /** How many columns a row has. */
  readonly width: number;

  private constructor(fields: readonly Field[]) {
    this.#fields = fields;
    this.#own = fields.filter((each) => !hasUsual(each));
    this.#usual = fields.filter(hasUsual);
    this.#ofPage = this.#usual.filter(isOfPage);
    this.width = this.#own.reduce((sum, { nested }) => sum + (nested?.projection.width ?? 1), 0);
    if (this.#usual.length > 0) this.width++;
  }

  /**
   * @param fields of which the first has a column of its own, and is never null where there is a row.
   * @throws TypeError for fields of which some may be left out and others null: JSON is stripped of both; and for one that depends on the
   *   reader and does not say where, because others would get what is one reader's.
   */
  static of<Fields extends readonly Field[]>(fields: Fields): Projection<RowOf<Fields>> {
    for (const each of fields) {
      if (dependsOnReader(each) && !each.varies && !each.ofPage) {
        throw new TypeError(
          `A projection has a field ${each.name} that depends on the reader, and does not say where.`,
        );
      }
    }
    if (fields.some(isOptional) && fields.some(isNullable)) {
      throw new TypeError('A projection has fields that may be left out or fields that may be null, not both.');
    }
    return new Projection(fields);
  }

  /** SQL for the columns of a row. */
  columns(alias: string, reader?: Reader): string {
    return [this.usualColumns(alias, reader), ...this.#unusualColumn(alias, reader)].join(', ');
  }

  /** SQL for the columns of a row that is plain, and so the same for each reader: for `row`, as those of any other. */
  plainColumns(alias: string): string {
    const own = this.#own.map((each) => {
      const { plain, nested } = each;
      if (plain) return String(plain.value);
      if (nested) return nested.projection.#emptyColumns(nested.alias);
      return this.#column(each, alias);
    });
    return [...own, ...this.#unusualColumn(alias)].join(', ');
  }

  /** SQL for whether plain columns have all of a row. */
  isPlain(alias: string): string {
    const plain = this.#own.flatMap(({ plain: own, nested, varies }) => {
      if (nested) return [...nested.projection.#bareness(nested.alias)];
      return [...(own ? [own.sql(alias)] : []), ...(varies ? [`not (${varies(alias)})`] : [])];
    });
    return ['true', ...plain].join(' and ');
  }

  /** SQL for the columns of a row on a page of which much is not as usual: each field has one of its own, the usual ones at last. */
  pageColumns(alias: string, { readerOf }: PageRows): string {
    const reader = readerOf(alias);
    const columns = this.#usual.map(({ sql, isTime, isRepeatedJson, ofPage }) => {
      if (ofPage) return ofPage.column(alias);
      if (isRepeatedJson) return `(${sql(alias, reader)})::text`;
      return isTime ? utc(sql(alias, reader)) : sql(alias, reader);
    });
    return [this.usualColumns(alias, reader), ...columns].join(', ');
  }

  /** SQL for whether a row is the same for each reader, and for as long as its number is. */
  isSettled(alias: string): string {
    const varying = [...this.#own, ...this.#usual].flatMap((each) => each.varies?.(alias) ?? []);
    return `not (${['false', ...new Set(varying)].join(' or ')})`;
  }

  /** Whether a row that is settled has all that any reader gets of it. */
  isComplete(row: Row): boolean {
    return this.#ofPage.every(({ ofPage }) => ofPage.isComplete?.(row) ?? true);
  }

  /** SQL for what the rows of a page need together. */
  pageJson(page: PageRows): string {
    return `json_build_array(${this.#ofPage.map(({ ofPage }) => ofPage.json(page)).join(', ')})`;
  }

  /** SQL for whether all is as usual that stands in the last column. */
  areUsual(alias: string): string {
    return [...new Set(this.#usual.map(({ usual }) => usual.sql(alias)))].join(' and ');
  }

  /** SQL for the columns of a row in which all is as usual: without the last one. */
  usualColumns(alias: string, reader?: Reader): string {
    return this.#own.map((each) => this.#column(each, alias, reader)).join(', ');
  }

  #column({ sql, short, isTime, nested, sameAs }: Field, alias: string, reader?: Reader): string {
    if (nested) return nested.projection.columns(nested.alias, nested.reader);
    if (short) return short.sql(alias);
    if (sameAs !== undefined) {
      const other = this.#own.find(({ name }) => name === sameAs);
      if (!other) throw new TypeError(`A projection has no column ${sameAs}.`);
      return `case when ${sql(alias, reader)} <> ${other.sql(alias, reader)} then ${utc(sql(alias, reader))} end`;
    }
    return isTime ? utc(sql(alias, reader)) : sql(alias, reader);
  }

  /** The last column, where there is one. */
  #unusualColumn(alias: string, reader?: Reader): string[] {
    if (this.#usual.length === 0) return [];
    return [
      `case when ${this.areUsual(alias)} then null else json_build_object(${jsonOf(this.#usual, alias, reader)}) end`,
    ];
  }

  /** SQL for what a row has that has neither anything unusual nor anything that is one reader's. */
  #bareness(alias: string): Set<string> {
    const varying = this.#own.flatMap(({ varies }) => (varies ? `not (${varies(alias)})` : []));
    return new Set([...this.#usual.map(({ usual }) => usual.sql(alias)), ...varying]);
  }

  /** All columns, of which the last one says that all is as usual. */
  #emptyColumns(alias: string): string {
    return [this.usualColumns(alias), ...(this.#usual.length > 0 ? ['null'] : [])].join(', ');
  }

  /** SQL for the row as JSON. */
  json(alias: string, reader?: Reader): string {
    const object = `json_build_object(${this.jsonFields(alias, reader)})`;
    return this.#fields.some(isOptional) ? `json_strip_nulls(${object})` : object;
  }

  /** SQL for names and values, as json_build_object takes them. */
  jsonFields(alias: string, reader?: Reader): string {
    return jsonOf(this.#fields, alias, reader);
  }

  /** The row that stands in the columns from there on; null where there is none. */
  row(columns: readonly unknown[], start = 0): Row | null {
    if (columns[start] === null) return null;
    // Not a copy of a usual row: V8 gives each copy that gets another field a hidden class of its own, and such rows are read several times as
    // slowly. The same is true of `{ ...row, more }`, but not of `{ more, ...row }`.
    const row: Record<string, unknown> = {};
    const index = this.#fill(row, columns, start);
    const unusual =
      this.#usual.length > 0 ? (columns[index] as Readonly<Record<string, unknown>> | null | undefined) : null;
    for (const { name, optional, usual } of this.#usual) {
      const value = unusual ? unusual[name] : usual.value;
      if (value !== null || !optional) row[name] = value;
    }
    return row as Row;
  }

  /** The row that stands in the columns of `pageColumns`; `completePage` gives it what it has of the whole page. */
  pageRow(columns: readonly unknown[], start = 0): Row | null {
    if (columns[start] === null) return null;
    const row: Record<string, unknown> = {};
    let index = this.#fill(row, columns, start);
    for (const { name, optional, isRepeatedJson } of this.#usual) {
      const column = columns[index++];
      const value = isRepeatedJson && column !== null ? parseOnce(column as string) : column;
      if (value !== null || !optional) row[name] = value;
    }
    return row as Row;
  }

  /** @param json what `pageJson` gives. */
  completePage(rows: readonly Row[], json: readonly unknown[], readerId: number): void {
    for (const [index, { name, ofPage }] of this.#ofPage.entries()) {
      const columns = rows.map((row) => (row as Record<string, unknown>)[name] ?? null);
      for (const [at, value] of ofPage.values(columns, json[index], rows, readerId).entries()) {
        const row = rows[at] as Record<string, unknown>;
        if (value !== null) row[name] = value;
      }
    }
  }

  /** Gives the row what stands in the columns of their own. @returns the index of the first column after them. */
  #fill(row: Record<string, unknown>, columns: readonly unknown[], start: number): number {
    let index = start;
    for (const { name, optional, short, nested, sameAs } of this.#own) {
      if (nested) {
        row[name] = nested.projection.row(columns, index);
        index += nested.projection.width;
      } else {
        const column = columns[index++];
        if (column === null && sameAs !== undefined) {
          row[name] = row[sameAs];
          continue;
        }
        const value = short ? short.read(column as string | null) : column;
        if (value !== null || !optional) row[name] = value;
      }
    }
    return index;
  }
}

function jsonOf(fields: readonly Field[], alias: string, reader?: Reader): string {
  return fields
    .map(({ name, sql, isTime, nested }) => {
      if (nested)
        return `'${name}', case when ${nested.alias}.id is not null then ${nested.projection.json(nested.alias, nested.reader)} end`;
      return `'${name}', ${isTime ? utcJson(sql(alias, reader)) : sql(alias, reader)}`;
    })
    .join(', ');
}

type UsualField = Field & { readonly usual: Usual };

function hasUsual(each: Field): each is UsualField {
  return each.usual !== undefined;
}

function isOfPage(each: UsualField): each is UsualField & { readonly ofPage: OfPage } {
  return each.ofPage !== undefined;
}

function dependsOnReader({ sql }: Field): boolean {
  return sql('alias') !== sql('alias', { id: 'reader', historyFrom: 'from' });
}

function isOptional({ optional }: Field): boolean {
  return optional;
}

function isNullable({ schema }: Field): boolean {
  return Array.isArray(schema.type) || schema.anyOf !== undefined;
}
