import type { Feature } from '../feature.js';
import { Vote, voteUpdated } from './poll.changes.js';
import { NewPoll, Poll, PollOption, PollResults, pollField } from './poll.fields.js';
import { pollInput } from './poll.input.js';
import { pollRoutes } from './polls.routes.js';
import { CastVotes, NewOption, SeenPoll, Voter, VoterList } from './polls.schemas.js';

export { forgetVotesOf } from './forget-votes.js';

export const polls: Feature = {
  name: 'polls',
  models: [PollResults, NewPoll, PollOption, Poll, Vote, CastVotes, NewOption, SeenPoll, Voter, VoterList],
  changes: [voteUpdated],
  messageFields: [pollField],
  messageInputs: [pollInput],
  routes: pollRoutes,
};
