import { Type } from '@sinclair/typebox';
import { Nullable, SmallInteger, WithDefault } from './schema.js';

/** The query of a list whose rows have a place, for each that is listed. @param things what is listed, for people. */
export function PlaceQuery(things: string) {
  return Type.Object({
    cursor: Type.Optional(
      Type.String({
        pattern: '^[0-9]{1,15}$',
        examples: ['12'],
        description: 'Exclusive: the `next` of the page before.',
      }),
    ),
    limit: WithDefault(
      SmallInteger({
        minimum: 1,
        maximum: 500,
        default: 100,
        description: `How many ${things}, at the most.`,
        examples: [100],
      }),
    ),
  });
}

/** What a page of it says beside its rows. */
export function placePageFields(things: string) {
  return {
    next: Nullable(Type.String({ description: 'The `cursor` of the next page; null when this page is empty.' })),
    has_more: Type.Boolean({ description: `Whether there are ${things} after this page.` }),
    count: SmallInteger({ description: `How many ${things} are on this page.` }),
  };
}

/** @param rows one more than the page has, when there are more. */
export function placePage<Row>(rows: readonly Row[], limit: number, placeOf: (row: Row) => number | bigint) {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const fields = {
    next: last === undefined ? null : String(placeOf(last)),
    has_more: rows.length > limit,
    count: page.length,
  };
  return { page, fields };
}
