/** The roles that a message may name: of few people. */
export const NAMED_ROLES = ['owner', 'admin', 'moderator'] as const;

/** Whom a message names, as it is kept. */
export interface StoredMentions {
  readonly user_ids: readonly number[];
  readonly roles: readonly string[];
  readonly all: boolean;
}

/** Beyond this nobody counts, as with unread messages. */
const MAX_UNREAD = 1000;

const EVERYBODY = 0;
const NOBODY = `'{"user_ids":[],"roles":[],"all":false}'::jsonb`;

/** SQL for what stands for a role in public.mention.whom. @param role SQL for its name; null for a role that is not named. */
function whomOfRole(role: string): string {
  const cases = NAMED_ROLES.map((name, index) => `when '${name}' then ${-1 - index}`);
  return `case ${role} ${cases.join(' ')} end`;
}

/** SQL for whether everybody is named. */
export function namesAll(mentions: string): string {
  return `${mentions} @> '{"all":true}'`;
}

/**
 * SQL for what is kept of the mentions that an author has given: of the users only those who are in the chat, without the author. null
 * when nobody is left. Where none are given, nothing is looked up.
 */
export function keptMentions(mentions: string, chatId: string, authorId: string): string {
  return `case when ${mentions} is not null then nullif(jsonb_build_object(
        'user_ids', coalesce((
          select jsonb_agg(member.user_id order by member.user_id)
          from (select distinct value::int8 as id from jsonb_array_elements_text(${mentions} -> 'user_ids')) asked
          cross join lateral (
            select user_id from public.chat_participant where chat_id = ${chatId} and user_id = asked.id offset 0
          ) member
          where member.user_id <> ${authorId}
        ), '[]'),
        'roles', coalesce((select jsonb_agg(distinct value) from jsonb_array_elements(${mentions} -> 'roles')), '[]'),
        'all', ${namesAll(mentions)}
      ), ${NOBODY}) end`;
}

/** SQL for the rows of public.mention that the mentions of a message make: a column `whom`. Who names everybody names nobody else. */
export function whomNamed(mentions: string): string {
  return `
      select ${EVERYBODY}::int8 as whom where ${namesAll(mentions)}
      union all
      select value::int8 from jsonb_array_elements_text(${mentions} -> 'user_ids') where not ${namesAll(mentions)}
      union all
      select ${whomOfRole('value')} from jsonb_array_elements_text(${mentions} -> 'roles') where not ${namesAll(mentions)}`;
}

/** SQL for the messages of others after the reader's mark that name the reader, each once. @param mine their row of chat_participant. */
export function unreadMentions(mine: string): string {
  return `
        select distinct mention.message_id from public.mention
        cross join lateral (select author_id from public.message where id = mention.message_id offset 0) named
        where mention.whom in (${mine}.user_id, ${EVERYBODY}, ${whomOfRole(`${mine}.role::text`)})
          and mention.chat_id = ${mine}.chat_id and mention.message_id > coalesce(${mine}.last_read_message_id, 0)
          and named.author_id <> ${mine}.user_id
        limit ${MAX_UNREAD}`;
}

/** SQL for whether messages after the mark name anybody. @param chat a row with the columns of the chat. */
export function mayHaveUnreadMentions(mine: string, chat: string): string {
  return `coalesce(${chat}.last_mention_id > coalesce(${mine}.last_read_message_id, 0), false)`;
}

/** SQL for the number of unread mentions. @param chat a row with the columns of the chat. */
export function unreadMentionCount(mine: string, chat: string): string {
  return `case when ${mayHaveUnreadMentions(mine, chat)} then (
      select count(*)::int from (${unreadMentions(mine)}
      ) unread
    ) else 0 end`;
}
