import { Type, type Static } from '@sinclair/typebox';
import { Projection, field, propertiesOf } from '../../database/index.js';
import { PlaceQuery, placePageFields } from '../../shared/place-pages.js';
import { Id, Nullable, Ref, SmallInteger, Text } from '../../shared/schema.js';
import { avatarField } from '../users/index.js';

/** SQL for who looks is $1. All that people see of a group before they join it. */
const publicGroupFields = [
  field('chat_id', Id('By which one joins it.'), { sql: (chat) => `${chat}.id` }),
  field('name', Text({ description: 'The name of the group.' })),
  field('description', Nullable(Text({ description: 'What it is about; null: nobody has said.' }))),
  avatarField,
  field('participant_count', SmallInteger({ description: 'How many people take part.' })),
  field('is_member', Type.Boolean({ description: 'Whether the user takes part.' }), {
    sql: (chat) => `exists (select from public.chat_participant where chat_id = ${chat}.id and user_id = $1::int8)`,
  }),
] as const;

export const publicGroupProjection = Projection.of(publicGroupFields);

const EXAMPLE_GROUP = {
  ...{ chat_id: 6, name: 'Engines', description: 'All about engines', avatar_url: null },
  ...{ participant_count: 2, is_member: false },
};

export const PublicGroup = Type.Object(propertiesOf(publicGroupFields), {
  $id: 'PublicGroup',
  description: 'A group that everyone may join.',
  examples: [EXAMPLE_GROUP],
});
export type PublicGroup = Static<typeof PublicGroup>;

export const PublicGroupList = Type.Object(
  { ...placePageFields('groups'), groups: Type.Array(Ref(PublicGroup), { description: 'The newest first.' }) },
  {
    $id: 'PublicGroupList',
    description: 'Some public groups.',
    examples: [{ next: '6', has_more: false, count: 1, groups: [EXAMPLE_GROUP] }],
  },
);
export type PublicGroupList = Static<typeof PublicGroupList>;

const MAX_QUERY = 256;

export const PublicGroupQuery = Type.Object({
  ...PlaceQuery('groups').properties,
  q: Type.Optional(
    Text({
      maxLength: MAX_QUERY,
      description:
        'Words: each must be the beginning of one in the name or the description. Case, accents and punctuation do not matter, nor what ' +
        'follows the first 8 words and the first 16 characters of a word. Without it: all public groups.',
      examples: ['engines'],
    }),
  ),
});
export type PublicGroupQuery = Static<typeof PublicGroupQuery>;
