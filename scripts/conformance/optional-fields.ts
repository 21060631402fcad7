import type { Chat, Message } from '../../sdk/src/wire.js';
import type { Report } from './report.js';

/** What a client may report of each message, when it keeps it. */
export const MESSAGE_FIELDS = [
  'version',
  'reactions',
  'my_reactions',
  'reply_to',
  'thread_id',
  'thread',
  'mentions',
  'custom',
  'expires_at',
] as const satisfies readonly (keyof Message)[];

/** What a client may report of each chat, when it keeps it. */
export const CHAT_FIELDS = [
  'description',
  'member_rights',
  'frozen_at',
  'slow_mode_seconds',
  'disappear_after_seconds',
  'own_role',
  'own_rights',
  'last_read_message_id',
  'unread_count',
  'unread_mentions',
  'marked_unread',
  'draft',
  'draft_reply_to_id',
  'draft_revision',
] as const satisfies readonly (keyof Chat)[];

export type OptionalField = (typeof MESSAGE_FIELDS | typeof CHAT_FIELDS)[number];

/** In the order of docs/conformance.md. */
export const OPTIONAL_FIELDS: readonly OptionalField[] = [...MESSAGE_FIELDS, ...CHAT_FIELDS];

/** Those that a report has. */
export function optionalFieldsOf(report: Report): readonly OptionalField[] {
  const chats = [...report.values()];
  return [
    ...MESSAGE_FIELDS.filter((name) => chats.some(({ messages }) => messages.some((message) => name in message))),
    ...CHAT_FIELDS.filter((name) => chats.some((chat) => name in chat)),
  ];
}
