import type { PersonProjection, PersonRow } from './users.js';
import type { Statement } from './statement.js';

/** A participant on a page, and the place in the order of joining, after which the next page begins. */
export interface ParticipantPageRow {
  readonly user: PersonRow;
  readonly order: number;
}

/** What the statement says when there is no participant: whether that is because the reader may not know. */
export interface EmptyParticipantPageRow {
  readonly user: null;
  readonly is_participant: boolean;
}

type ParticipantPageColumns = [boolean, number, ...unknown[]];

/**
 * $1 the reader, $2 the chat, $3 the place after which the page begins, $4 the number of participants.
 * No row: there is no such user. An empty page is one row without a participant.
 */
export function participantPage(
  people: PersonProjection,
): Statement<ParticipantPageColumns, ParticipantPageRow | EmptyParticipantPageRow> {
  return {
    name: 'participant_page',
    text: `
    select mine.user_id is not null, p.joined_order, ${people.columns('member')}
    from public."user" reader
    left join lateral (
      select * from public.chat_participant where chat_id = $2 and user_id = reader.id offset 0
    ) mine on true
    left join lateral (
      select user_id, joined_order from public.chat_participant
      where chat_id = mine.chat_id and joined_order > $3
      order by joined_order
      limit $4
    ) p on true
    left join lateral (select * from public."user" where id = p.user_id offset 0) member on true
    where reader.id = $1 and reader.erased_at is null
    order by p.joined_order`,
    row: ([is_participant, order, ...columns]) => {
      const user = people.row(columns);
      return user === null ? { user, is_participant } : { user, order };
    },
  };
}
