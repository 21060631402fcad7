import { RIGHT_ERRORS, chatDoesNotExist } from '../../changes/index.js';
import { slowMode } from '../../shared/errors.js';
import type { DescribedError } from '../../shared/schema.js';
import {
  chatFrozen,
  clientIdTaken,
  filtered,
  notAcceptingMessages,
  sentMessageDeleted,
  threadDoesNotExist,
  threadInThread,
} from './messages.errors.js';

export const FILTERED: DescribedError = [filtered, { text: 'No links here, please.' }];

/** What a send is refused with, however it comes about, beside what is wrong with the caller or the request. */
export const SEND_ERRORS: readonly DescribedError[] = [
  chatDoesNotExist,
  clientIdTaken,
  sentMessageDeleted,
  notAcceptingMessages,
  ...RIGHT_ERRORS,
  chatFrozen,
  FILTERED,
  [slowMode, { retry_after_ms: 4200 }],
];

/** What a send with a `thread_id` is refused with, too. */
export const THREAD_ERRORS: readonly DescribedError[] = [threadDoesNotExist, threadInThread];
