import type { Feature } from '../feature.js';
import { customInput, customOfMessage } from './message-custom.js';

export const messageCustom: Feature = {
  name: 'message-custom',
  messageFields: [customOfMessage],
  messageInputs: [customInput],
};
