import { idList } from './statement.js';

/** Whether a statement is about all chats of its user, or about some of them, which are then its last parameter. */
export type Reach = 'all' | 'some';

/** SQL that goes on with a condition, for a statement about some chats. For all chats there is none, which would take time. */
export function within(reach: Reach, column: string, parameter: string): string {
  return reach === 'all' ? '' : ` and ${column} = any (${idList(parameter)})`;
}
