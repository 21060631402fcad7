import { Type, type Static } from '@sinclair/typebox';
import { PlaceQuery, placePageFields } from '../../shared/place-pages.js';
import { Ref } from '../../shared/schema.js';
import { EXAMPLE_MESSAGE, Message } from '../messages/index.js';
import { ADA, ShortUser } from '../users/index.js';

export const PinMessage = Type.Object(
  {
    until: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Until when it is pinned; without: until somebody takes the pin back.',
      }),
    ),
  },
  { $id: 'PinMessage', additionalProperties: false, examples: [{ until: '2026-12-01T09:00:00.000Z' }] },
);
export type PinMessage = Static<typeof PinMessage>;

export const PinListQuery = PlaceQuery('pins');
export type PinListQuery = Static<typeof PinListQuery>;

export const PinList = Type.Object(
  {
    ...placePageFields('pins'),
    authors: Type.Array(Ref(ShortUser), { description: 'The author of each message once.' }),
    messages: Type.Array(Ref(Message)),
  },
  {
    $id: 'PinList',
    description: 'Pinned messages of a chat, the one that was pinned last first.',
    examples: [
      {
        ...{ next: '3', has_more: false, count: 1, authors: [ADA] },
        messages: [{ ...EXAMPLE_MESSAGE, pinned: { at: '2026-11-23T09:20:00.000Z', by: 5 } }],
      },
    ],
  },
);
export type PinList = Static<typeof PinList>;
