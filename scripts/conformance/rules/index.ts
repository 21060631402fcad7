import type { Rule } from '../rule.js';
import { connectionRules } from './connection.js';
import { eventRules } from './events.js';
import { messageRules } from './messages.js';
import { mixedRules } from './mixed.js';
import { ownLogRules } from './own-log.js';
import { roleRules } from './roles.js';
import { sendingRules } from './sending.js';
import { streamRules } from './streams.js';
import { syncRules } from './sync.js';
import { tokenRules } from './tokens.js';

/** What a client has to do, in the order of docs/conformance.md. */
export const RULES: readonly Rule[] = [
  ...eventRules,
  ...syncRules,
  ...messageRules,
  ...roleRules,
  ...ownLogRules,
  ...sendingRules,
  ...connectionRules,
  ...tokenRules,
  ...streamRules,
  ...mixedRules,
];
