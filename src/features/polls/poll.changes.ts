import { ownKind } from '../../changes/index.js';
import { Projection, propertiesOf, field } from '../../database/index.js';
import { Type } from '@sinclair/typebox';
import { Id, Ref } from '../../shared/schema.js';
import { OptionId } from './poll.fields.js';

const ballotFields = [
  field('id', Id('The message with the poll.'), { sql: (ballot) => `${ballot}.message_id` }),
  field('chat_id', Id('The chat of the message.')),
  field('option_ids', Type.Array(OptionId, { description: 'What the user has chosen, in order; empty: nothing.' })),
] as const;

const ballotProjection = Projection.of(ballotFields);

export const Vote = Type.Object(propertiesOf(ballotFields), {
  $id: 'Vote',
  description: 'How the user has voted in a poll.',
  examples: [{ id: 8, chat_id: 6, option_ids: [2] }],
});

/** Apart from the message, whose events are the same for everybody. */
export const voteUpdated = ownKind({
  type: 'vote.updated',
  description: 'The user has voted in a poll, perhaps on another device, or has taken that back. Nobody else is told.',
  data: Ref(Vote),
  changed: (userId) => `select me_pts, id as key from public.poll_ballot where user_id = ${userId}`,
  state: (userId, key) => `(
        select ${ballotProjection.json('poll_ballot')} from public.poll_ballot
        where poll_ballot.id = ${key} and poll_ballot.user_id = ${userId}
      )`,
});
