import { Type, type Static } from '@sinclair/typebox';
import { field, usuallyNull, type OfPage } from '../../database/index.js';
import { Id, Ref, SmallInteger, Text } from '../../shared/schema.js';

/** So many people are named with an emoji. */
export const FIRST = 10;

export const Emoji = Text({
  minLength: 1,
  maxLength: 64,
  description: 'An emoji, or the name of a picture that your application knows, such as `:shipped:`.',
});

export const ReactionCount = Type.Object(
  {
    emoji: Emoji,
    count: SmallInteger({ minimum: 1, description: 'How many people have reacted with it.' }),
    first: Type.Array(Id(), { description: `The first ${FIRST} of them, in their order.` }),
  },
  {
    $id: 'ReactionCount',
    description: 'How many people have reacted to a message with an emoji.',
    examples: [{ emoji: '👍', count: 2, first: [5, 7] }],
  },
);

interface Reacted {
  readonly reactions?: readonly Static<typeof ReactionCount>[];
}

/** Whether all who have reacted are named. */
function areNamed({ reactions = [] }: Reacted): boolean {
  return reactions.every(({ count, first }) => count === first.length);
}

/** Two lists: of which message, and with which emoji the reader has reacted. Rows that are kept name everybody. */
const ofPage: OfPage = {
  column: (message) => `case when ${message}.reactions is not null then ${message}.id end`,
  json: ({ name, readerOf, isKept }) => `(
    select json_build_array(json_agg(reacted.message_id), json_agg(reacted.emoji))
    from (select id, reader_id from ${name} where reactions is not null and not ${isKept(name)}) asked
    cross join lateral (
      select message_id, emoji from public.reaction
      where message_id = asked.id and user_id = ${readerOf('asked').id} offset 0
    ) reacted
  )`,
  isComplete: areNamed,
  values: (ids, json, rows, readerId) => {
    const [messageIds, emojis] = json as readonly [number[] | null, string[] | null];
    const own = new Set(messageIds?.map((id, index) => `${id} ${emojis?.[index]}`));
    return (ids as (number | null)[]).map((id, index) => {
      if (id === null) return null;
      const { reactions = [] } = rows[index] as Reacted;
      return reactions
        .filter(({ emoji, first }) => first.includes(readerId) || own.has(`${id} ${emoji}`))
        .map(({ emoji }) => emoji);
    });
  },
};

export const reactionFields = [
  field(
    'reactions',
    Type.Array(Ref(ReactionCount), {
      description:
        'How people have reacted to it, in the order in which each emoji first came; not there while nobody has.',
    }),
    { optional: true, isRepeatedJson: true, usual: usuallyNull('reactions') },
  ),
  field(
    'my_reactions',
    Type.Array(Emoji, {
      description:
        'The emojis with which the user who asks has reacted, in the order of `reactions`: with them, but not in events, which are the same for everybody.',
    }),
    {
      optional: true,
      usual: usuallyNull('reactions'),
      ofPage,
      sql: (message, reader) =>
        reader && !reader.isOfEvent
          ? `case when ${message}.reactions is not null then (
              select coalesce(json_agg(reacted.value -> 'emoji' order by reacted.ordinality), '[]')
              from jsonb_array_elements(${message}.reactions) with ordinality reacted
              where exists (
                select from public.reaction own
                where own.message_id = ${message}.id and own.user_id = ${reader.id} and own.emoji = reacted.value ->> 'emoji'
              )
            ) end`
          : 'null::json',
    },
  ),
] as const;
