import type { Short } from '../projection.js';
import { parseOnce } from '../parse-once.js';
import { RIGHTS_IN_PRIVATE, RIGHTS_OF_ROLES, ROLES, type Right } from '../../shared/rights.js';

/** SQL for what somebody may do, as JSON. @param mine their row of chat_participant. @param chat a row with the columns of the chat. */
export function rightsJson(mine: string, chat: string): string {
  const ofRoles = ROLES.map((role) => {
    return `when '${role}' then ${role === 'member' ? memberRightsJson(chat) : json(RIGHTS_OF_ROLES[role])}`;
  });
  return `case ${mine}.role::text ${ofRoles.join(' ')} end`;
}

/** SQL for the same of a member. */
export function memberRightsJson(chat: string): string {
  return `case when ${chat}.private_key is not null then ${json(RIGHTS_IN_PRIVATE)}
      else coalesce(${chat}.member_rights::json, ${json(RIGHTS_OF_ROLES.member)}) end`;
}

const PRIVATE = 'private';
const KNOWN = new Map<string, readonly Right[]>([...Object.entries(RIGHTS_OF_ROLES), [PRIVATE, RIGHTS_IN_PRIVATE]]);

function readRights(text: string | null): unknown {
  if (text === null) return RIGHTS_OF_ROLES.member;
  // A newer version may have roles that this one does not know.
  return KNOWN.get(text) ?? (text.startsWith('[') ? parseOnce(text) : []);
}

function memberRightsText(chat: string): string {
  return `case when ${chat}.private_key is not null then '${PRIVATE}' else ${chat}.member_rights::text end`;
}

/** What columns have in place of `rightsJson`. */
export function shortRights(mine: string, chat: string): Short {
  const sql = `case when ${mine}.role <> 'member' then ${mine}.role::text else ${memberRightsText(chat)} end`;
  return { sql: () => sql, read: readRights };
}

/** What columns have in place of `memberRightsJson`. */
export const shortMemberRights: Short = { sql: memberRightsText, read: readRights };

function json(rights: readonly Right[]): string {
  return `'${JSON.stringify(rights)}'::json`;
}

/** SQL for whether somebody may do it, also in a private chat, where both are members. */
function hasRight(mine: string, chat: string, right: Right): string {
  const roles = ROLES.filter((role) => role !== 'member' && RIGHTS_OF_ROLES[role].includes(right));
  const usual = RIGHTS_OF_ROLES.member.includes(right);
  return `case when ${mine}.role = 'member' then coalesce(${chat}.member_rights ? '${right}', ${usual})
        else ${mine}.role::text in (${roles.map((role) => `'${role}'`).join(', ')}) end`;
}

/** SQL for whether the author of a new message may do it in its chat. @param draft the alias of the message. */
export function mayAuthor(draft: string, right: Right): string {
  return `(
          select ${hasRight('own', 'own_chat', right)}
          from public.chat_participant own join public.chat own_chat on own_chat.id = own.chat_id
          where own.chat_id = ${draft}.chat_id and own.user_id = ${draft}.author_id
        )`;
}

/**
 * SQL that joins to `chat` what keeps the author from sending there: a row for a group alone that has anything of the kind, so
 * that others pay nothing for it. `refusal` is null where nothing keeps them; `slow_seconds` is how long they wait after it.
 */
export function sendRules(authorId: string): string {
  return `
      left join lateral (
        select
          case
            when not (${hasRight('own', 'chat', 'send')}) then 'right missing'
            when is_exempt then null
            when chat.frozen_at is not null then 'frozen'
            when chat.slow_mode_seconds is not null and slow_until > clock_timestamp() then 'too soon'
          end as refusal,
          ceil(extract(epoch from slow_until - clock_timestamp()) * 1000)::int as wait_ms,
          case when not is_exempt then chat.slow_mode_seconds end as slow_seconds
        from (
          select role, slow_until from public.chat_participant
          where chat_id = chat.id and user_id = ${authorId} and not (${IS_PLAIN})
          offset 0
        ) own
        cross join lateral (select ${hasRight('own', 'chat', 'slow_exempt')} as is_exempt) exemption
      ) rules on true`;
}

/** Whether everybody who is in the chat may write in it, whenever they want. */
const IS_PLAIN = `chat.frozen_at is null and chat.member_rights is null and chat.slow_mode_seconds is null and chat.has_readers is null`;
