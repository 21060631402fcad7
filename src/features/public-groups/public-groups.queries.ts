import { meet, type Transaction } from '../../database/index.js';
import { publicGroupProjection, type PublicGroup } from './public-groups.schemas.js';

/** How many words of a search count. */
const MAX_WORDS = 8;
/** Up to how many groups of a word are counted, to begin with the rarest. */
const COUNTED = 1000;

/**
 * SQL for whether people of these teams find the group of a row, and may join it. Who is kept apart from its owner by teams does not
 * meet its members either. A group that nobody is in is nobody's.
 */
function isOpenTo(chat: string, teams: string): string {
  return `${chat}.is_public and ${chat}.participant_count > 0 and not exists (
        select from public.chat_participant owner
        cross join lateral (select teams from public."user" where id = owner.user_id offset 0) of_owner
        where owner.chat_id = ${chat}.id and owner.role = 'owner' and not ${meet('of_owner.teams', teams)}
        offset 0
      )`;
}

/** Whether there is such a public group, which the user may join. */
export async function mayJoin(tx: Transaction, chatId: number, userId: number): Promise<boolean> {
  const rows = await tx.$queryRawUnsafe<object[]>(
    `select from public."user" me
    cross join lateral (select * from public.chat where id = $2::int8 offset 0) chat
    where me.id = $1::int8 and ${isOpenTo('chat', 'me.teams')}`,
    userId,
    chatId,
  );
  return rows.length > 0;
}

/** What a search is for, and who searches. */
interface Search {
  /** The rarest first, so that the fewest groups are looked at. The empty one alone: all groups. */
  readonly words: readonly string[];
  readonly teams: readonly string[];
}

/** @returns undefined when there is no such user. */
export async function readSearch(tx: Transaction, userId: number, text: string): Promise<Search | undefined> {
  const [search] = await tx.$queryRawUnsafe<Search[]>(
    `select teams, array(
      select word from unnest(public.search_words($2, ${MAX_WORDS})) word
      order by (
        select count(*) from (select from public.group_search where beginning = word limit ${COUNTED}) groups
      ), word
    ) as words
    from public."user" where id = $1::int8 and erased_at is null`,
    userId,
    text,
  );
  return search && { ...search, words: search.words.length > 0 ? search.words : [''] };
}

/** In the order of their ids, which no name changes: a page is not torn by groups that get another name. */
export async function findGroups(
  tx: Transaction,
  userId: number,
  { words: [first, ...others], teams }: Search,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<PublicGroup[]> {
  const rows = await tx.$queryRawUnsafe<{ found: PublicGroup }[]>(
    `select ${publicGroupProjection.json('chat')} as found
    from public.group_search listed
    cross join lateral (select * from public.chat where id = listed.chat_id offset 0) chat
    where listed.beginning = $2 and listed.chat_id < $3::int8 and ${isOpenTo('chat', '$4::text[]')}
      and not exists (
        select from unnest($5::text[]) word
        where not exists (select from public.group_search where beginning = word and chat_id = listed.chat_id)
      )
    order by listed.chat_id desc limit $6::int8`,
    userId,
    first,
    before,
    teams,
    others,
    limit,
  );
  return rows.map(({ found }) => found);
}
