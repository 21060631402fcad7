import type { ParticipantRow } from './chats.js';
import type { Statement } from './statement.js';

/** A participant on a page, and the place in the order of joining, after which the next page begins. */
export interface ParticipantPageRow {
  readonly user: ParticipantRow;
  readonly order: number;
}

/** What the statement says when there is no participant: whether that is because the reader may not know. */
export interface EmptyParticipantPageRow {
  readonly user: null;
  readonly is_participant: boolean;
}

type ParticipantPageColumns = [boolean, ...([number, string, number] | [null, null, null])];

/**
 * $1 the reader, $2 the chat, $3 the place after which the page begins, $4 the number of participants.
 * No row: there is no such user. An empty page is one row without a participant.
 */
export const participantPage: Statement<ParticipantPageColumns, ParticipantPageRow | EmptyParticipantPageRow> = {
  name: 'participant_page',
  text: `
    select mine.user_id is not null, page.id, page.username, page.joined_order
    from public."user" reader
    left join lateral (
      select * from public.chat_participant where chat_id = $2 and user_id = reader.id offset 0
    ) mine on true
    left join lateral (
      select member.id, member.username, p.joined_order
      from (
        select user_id, joined_order from public.chat_participant
        where chat_id = mine.chat_id and joined_order > $3
        order by joined_order
        limit $4
      ) p
      cross join lateral (select id, username from public."user" where id = p.user_id offset 0) member
    ) page on true
    where reader.id = $1
    order by page.joined_order`,
  row: ([is_participant, id, username, order]) => {
    return id === null ? { user: null, is_participant } : { user: { id, username }, order };
  },
};
