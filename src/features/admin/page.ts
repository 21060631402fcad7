import { Type } from '@sinclair/typebox';
import { Id, SmallInteger, WithDefault } from '../../shared/schema.js';

export const PageCursor = Type.Optional(Id('Exclusive: the `next` of the page before.', { examples: [8] }));

export const PageLimit = WithDefault(
  SmallInteger({ minimum: 1, maximum: 100, default: 50, description: 'How many, at the most.', examples: [50] }),
);

/** @param rows one more than the page has, when there is another page. */
export function pageOf<Row extends { readonly id: number }>(rows: readonly Row[], limit: number) {
  const page = rows.slice(0, limit);
  const has_more = rows.length > limit;
  return { page, next: has_more ? (page.at(-1)?.id ?? null) : null, has_more, count: page.length };
}
