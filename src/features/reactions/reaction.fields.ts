import { Type } from '@sinclair/typebox';
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

/** Two lists in the order of the reactions: of which message, and with which emoji. */
const ofPage: OfPage = {
  column: (message) => `case when ${message}.reactions is not null then ${message}.id end`,
  json: ({ name, readerOf }) => `(
    select json_build_array(json_agg(reacted.message_id order by reacted.id), json_agg(reacted.emoji order by reacted.id))
    from (select id, reader_id from ${name} where reactions is not null) asked
    cross join lateral (
      select id, message_id, emoji from public.reaction
      where message_id = asked.id and user_id = ${readerOf('asked').id} offset 0
    ) reacted
  )`,
  values: (ids, json) => {
    const [messageIds, emojis] = json as readonly [number[] | null, string[] | null];
    const own = new Map<unknown, string[]>();
    for (const [index, emoji] of (emojis ?? []).entries()) {
      const id = messageIds?.[index];
      const reacted = own.get(id);
      if (reacted) reacted.push(emoji);
      else own.set(id, [emoji]);
    }
    return ids.map((id) => (id === null ? null : (own.get(id) ?? [])));
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
        'The emojis with which the user who asks has reacted: with `reactions`, but not in events, which are the same for everybody.',
    }),
    {
      optional: true,
      usual: usuallyNull('reactions'),
      ofPage,
      sql: (message, reader) =>
        reader && !reader.isOfEvent
          ? `case when ${message}.reactions is not null then (
              select coalesce(json_agg(reacted.emoji order by reacted.id), '[]')
              from public.reaction reacted
              where reacted.message_id = ${message}.id and reacted.user_id = ${reader.id}
            ) end`
          : 'null::json',
    },
  ),
] as const;
