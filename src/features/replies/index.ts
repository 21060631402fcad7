import type { Feature } from '../feature.js';
import { ReplyPreview, replyTo, replyToId } from './reply.fields.js';

export const replies: Feature = {
  name: 'replies',
  models: [ReplyPreview],
  messageFields: [replyTo],
  messageInputs: [replyToId],
};
