import { mayWriteIn } from './private-writing.js';
import { sendRules } from './rights.js';
import type { Statement } from './statement.js';

/**
 * $1 the user, $2 the chat, in which they are. Whether others may be told that they are typing: not where they could not send it, but for
 * slow mode, and not where nobody else would see it. No row: there is no such chat.
 */
export const findTyping: Statement<[boolean], boolean> = {
  name: 'chat_typing',
  text: `
    select ${mayWriteIn('$1::int8')}
      and coalesce(rules.refusal, 'too soon') = 'too soon'
      and not exists (
        select from public.chat_participant
        where chat_id = chat.id and user_id = $1 and shadowed_until > clock_timestamp()
        offset 0
      )
    from (
      select id, private_key, frozen_at, member_rights, slow_mode_seconds, has_readers from public.chat where id = $2 offset 0
    ) chat${sendRules('$1::int8')}`,
  row: ([mayType]) => mayType,
};
