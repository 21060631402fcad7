import { Type, type Static } from '@sinclair/typebox';
import { PlaceQuery, placePageFields } from '../../shared/place-pages.js';
import { Id, Position, Ref, Time } from '../../shared/schema.js';
import { MessageParams } from '../messages/index.js';
import { ADA, ShortUser } from '../users/index.js';
import { EXAMPLE_POLL, MAX_OPTIONS, OptionId, OptionText, Poll } from './poll.fields.js';

export const OptionParams = Type.Object({
  ...MessageParams.properties,
  option_id: { ...OptionId, examples: [1] },
});

export const CastVotes = Type.Object(
  {
    option_ids: Type.Array(OptionId, {
      maxItems: MAX_OPTIONS,
      uniqueItems: true,
      description: 'All that the user chooses, in place of what they have chosen before; empty: nothing.',
    }),
  },
  { $id: 'CastVotes', additionalProperties: false, examples: [{ option_ids: [2] }] },
);

export const NewOption = Type.Object(
  { text: OptionText },
  { $id: 'NewOption', additionalProperties: false, examples: [{ text: 'at eight' }] },
);

export const SeenPoll = Type.Object(
  {
    id: Id('The message with the poll.'),
    version: Position('That of the message.'),
    poll: Ref(Poll),
    option_ids: Type.Array(OptionId, { description: 'What the user has chosen.' }),
  },
  {
    $id: 'SeenPoll',
    description: 'A poll as the user sees it, and how they have voted.',
    examples: [{ id: 8, version: 43, poll: EXAMPLE_POLL, option_ids: [1] }],
  },
);
export type SeenPoll = Static<typeof SeenPoll>;

export const VoterListQuery = PlaceQuery('voters');
export type VoterListQuery = Static<typeof VoterListQuery>;

export const Voter = Type.Object(
  { user: Ref(ShortUser), voted_at: Time('When they voted.') },
  {
    $id: 'Voter',
    description: 'Somebody who has voted for an option.',
    examples: [{ user: ADA, voted_at: '2026-11-23T09:12:00.000Z' }],
  },
);

export const VoterList = Type.Object(
  { ...placePageFields('voters'), voters: Type.Array(Ref(Voter)) },
  {
    $id: 'VoterList',
    description: 'Some of those who have voted for an option, in the order in which they did.',
    examples: [
      {
        ...{ next: '12', has_more: false, count: 1 },
        voters: [{ user: ADA, voted_at: '2026-11-23T09:12:00.000Z' }],
      },
    ],
  },
);
export type VoterList = Static<typeof VoterList>;
