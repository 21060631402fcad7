import type { PersonProjection, PersonRow } from './users.js';
import type { Statement } from './statement.js';
import type { Role } from '../../shared/rights.js';

/** A participant on a page, and the place in the order of joining, after which the next page begins. */
export interface ParticipantPageRow {
  readonly user: PersonRow;
  readonly role: Role;
  readonly order: number;
}

/** What the statement says when there is no participant: whether that is because the reader may not know. */
export interface EmptyParticipantPageRow {
  readonly user: null;
  readonly is_participant: boolean;
}

type ParticipantPageColumns = [boolean, number, Role, ...unknown[]];

/** SQL for whether a word of the participant's username or name begins with what $5 is. */
const IS_MEANT = `exists (
        select from public."user" named where named.id = chat_participant.user_id
          and position(
            ' ' || public.search_fold($5::text) in ' ' || public.search_fold(username) || ' ' || public.search_fold(coalesce(name, ''))
          ) > 0
        offset 0
      )`;

/**
 * $1 the reader, $2 the chat, $3 the place after which the page begins, $4 the number of participants; $5 what a name begins with.
 * A search looks at each participant until the page is full.
 * No row: there is no such user. An empty page is one row without a participant.
 */
export function participantPage(
  people: PersonProjection,
  which: 'all' | 'meant',
): Statement<ParticipantPageColumns, ParticipantPageRow | EmptyParticipantPageRow> {
  return {
    name: which === 'all' ? 'participant_page' : 'participant_page_meant',
    text: `
    select mine.user_id is not null, p.joined_order, p.role::text, ${people.columns('member')}
    from public."user" reader
    left join lateral (
      select * from public.chat_participant where chat_id = $2 and user_id = reader.id offset 0
    ) mine on true
    left join lateral (
      select user_id, joined_order, role from public.chat_participant
      where chat_id = mine.chat_id and joined_order > $3${which === 'all' ? '' : ` and ${IS_MEANT}`}
      order by joined_order
      limit $4
    ) p on true
    left join lateral (select * from public."user" where id = p.user_id offset 0) member on true
    where reader.id = $1 and reader.erased_at is null
    order by p.joined_order`,
    row: ([is_participant, order, role, ...columns]) => {
      const user = people.row(columns);
      return user === null ? { user, is_participant } : { user, role, order };
    },
  };
}
