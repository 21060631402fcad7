import type { Feature } from '../feature.js';
import { MentionedRole, Mentions, NewMentions, mentionsField, mentionsInput } from './mention.fields.js';

export type { NewMentions } from './mention.fields.js';

export const mentions: Feature = {
  name: 'mentions',
  models: [MentionedRole, NewMentions, Mentions],
  messageFields: [mentionsField],
  messageInputs: [mentionsInput],
};
