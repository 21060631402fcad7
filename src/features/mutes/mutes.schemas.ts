import { Type, type Static } from '@sinclair/typebox';
import { PlaceQuery, placePageFields } from '../../shared/place-pages.js';
import { Id, Nullable, Ref, Time } from '../../shared/schema.js';
import { CHARLES, ShortUser } from '../users/index.js';

const UNTIL = '2026-11-30T09:00:00.000Z';

export const muteFields = {
  id: Id('The other user.'),
  muted: Type.Boolean({ description: 'Whether the user has muted them; false: they have taken it back.' }),
  until: Nullable(Time('When it ends; null: when the user takes it back.')),
};

export const Mute = Type.Object(muteFields, {
  $id: 'Mute',
  description: 'Whether the user has muted another. It ends at its time, and nothing tells of that.',
  examples: [{ id: 7, muted: true, until: UNTIL }],
});

export const MuteUser = Type.Object(
  {
    until: Type.Optional(
      Type.String({ format: 'date-time', description: 'When it ends; without: when the user takes it back.' }),
    ),
  },
  { $id: 'MuteUser', additionalProperties: false, examples: [{ until: UNTIL }] },
);
export type MuteUser = Static<typeof MuteUser>;

export const MuteListQuery = PlaceQuery('people');
export type MuteListQuery = Static<typeof MuteListQuery>;

export const MutedUser = Type.Object(
  { user: Ref(ShortUser), until: muteFields.until },
  { $id: 'MutedUser', description: 'Somebody whom the user has muted.', examples: [{ user: CHARLES, until: UNTIL }] },
);
export type MutedUser = Static<typeof MutedUser>;

export const MuteList = Type.Object(
  {
    ...placePageFields('people'),
    mutes: Type.Array(Ref(MutedUser)),
  },
  {
    $id: 'MuteList',
    description: 'Some of the people whom the user has muted, the newest first.',
    examples: [{ next: '12', has_more: false, count: 1, mutes: [{ user: CHARLES, until: UNTIL }] }],
  },
);
export type MuteList = Static<typeof MuteList>;
