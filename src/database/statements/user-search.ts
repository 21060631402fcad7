import type { Projection } from '../projection.js';
import { meet } from './meeting.js';
import { isBlocked } from './private-writing.js';
import type { Statement } from './statement.js';
import { required, type PersonRow } from './users.js';

/** How many entries with a beginning are looked at, and how many words that are alike: a common beginning has hundreds of thousands. */
const LOOKED_AT = 1000;
/** How many of their users are put in order. */
const CANDIDATES = 200;
/** How many users with a likely typo are put in order. */
const LIKELY = 300;
/** How many words that are alike are read as beginnings, the most alike first. */
const ALIKE = 200;
/**
 * How much of the groups of three letters both must have in common. One typo takes three of them and adds three: that is half of
 * all with eight letters, and less with more. Of a few letters almost anything has half, and a lower value costs time.
 */
const LIKENESS = `case
              when char_length(text) between 5 and 12 then '0.5'
              when char_length(text) between 13 and 15 then '0.64'
              else '0.6'
            end`;

/**
 * SQL for whether the searcher, whose teams are in the table asked, may find the user of a row. It is all that decides it: what
 * else forbids it belongs here.
 */
function mayBeFound(row: string, searcherId: string): string {
  return `${row}.findable and not ${row}.is_app and ${row}.suspended_at is null and ${row}.erased_at is null
        and ${row}.id <> ${searcherId} and ${meet(`${row}.teams`, '(select teams from asked)')}
        and not ${isBlocked(searcherId, `${row}.id`)}`;
}

/**
 * $1 who searches, $2 the words, $3 how many users. No row: or who searches does not exist. The username first, then beginnings, then typos. Each step is bounded, however
 * many users there are. A typo in one word is looked for among the words that there are, and then in all that each user has: that takes
 * longer, and finds words that were written apart or together.
 * @param typos SQL for the schema of pg_trgm; undefined: the database does not have it.
 */
export function searchUsers(people: Projection<PersonRow>, typos: string | undefined): Statement<unknown[], PersonRow> {
  const found = (source: string, limit: number) => `
      select distinct user_id, likeness from (
        select source.user_id, source.likeness from (${source}
        ) source
        cross join lateral (
          select from public."user" candidate where id = source.user_id and ${mayBeFound('candidate', '$1::int8')} offset 0
        ) allowed
        limit ${limit}
      ) bounded`;
  const begun = found(
    `
          select started.user_id, 0::real as likeness
          from (select unnest(public.search_scopes(teams)) || text as text from asked where text <> '') asked
          cross join lateral (
            select entry, user_id from public.user_search
            where entry >= asked.text and entry < asked.text || U&'\\+10FFFF'
            order by entry, user_id limit ${LOOKED_AT}
          ) started
          limit ${LOOKED_AT}`,
    CANDIDATES,
  );
  // The threshold is set for this statement alone: it is a transaction of its own.
  const typed = (condition: string) => `(
            select text, set_config('pg_trgm.word_similarity_threshold', ${LIKENESS}, true) from asked
            where char_length(text) >= 3 and (select count(*) from begun) < $3::int8 and ${condition}
            offset 0
          ) asked`;
  const byWord = (home: string) =>
    found(
      `
          select named.user_id, scoped.likeness
          from (
            select scope || word as text, likeness
            from ${typed(`text ~ '^[^0-9 ]+$'`)}
            cross join lateral (
              select word, ${home}.word_similarity(asked.text, word) as likeness
              from (
                select word from public.user_word where word operator(${home}.%>) asked.text limit ${LOOKED_AT}
              ) looked_at
              group by word order by likeness desc, word limit ${ALIKE}
            ) alike
            cross join (select unnest(public.search_scopes(teams)) as scope from asked) scopes
            order by likeness desc, word limit ${LOOKED_AT}
          ) scoped
          cross join lateral (
            select user_id from public.user_search
            where entry >= scoped.text and entry < scoped.text || ':'
            order by entry, user_id limit ${LIKELY}
          ) named
          limit ${LOOKED_AT}`,
      LIKELY,
    );
  const similar = (home: string) =>
    found(
      `
          select alike.user_id, alike.likeness
          from ${typed('not exists (select from by_word)')}
          cross join lateral (
            select user_id, ${home}.word_similarity(asked.text, entry) as likeness
            from public.user_search
            where is_whole and entry operator(${home}.%>) asked.text
            limit ${LIKELY}
          ) alike`,
      LIKELY,
    );
  return {
    name: typos === undefined ? 'user_search' : 'user_search_typos',
    text: `
    with asked as materialized (
      select public.search_fold($2::text) as text, teams from public."user" where id = $1::int8
    ),
    begun as materialized (${begun}
    )${
      typos === undefined
        ? ''
        : `,
    by_word as materialized (${byWord(typos)}
    ),
    likely as materialized (${similar(typos)}
    )`
    }
    select ${people.columns('found')}
    from (
      select user_id, min(step) as step, max(likeness) as likeness from (
        select id as user_id, 1 as step, 0 as likeness from public."user" candidate
        where lower(username collate "C") = lower($2::text collate "C") and exists (select from asked) and ${mayBeFound('candidate', '$1::int8')}
        union all
        select user_id, 2, 0 from begun${
          typos === undefined
            ? ''
            : `
        union all
        select user_id, 3, likeness from by_word
        union all
        select user_id, 3, likeness from likely`
        }
      ) steps
      group by user_id
      order by min(step), max(likeness) desc, user_id limit $3::int8
    ) best
    cross join lateral (select * from public."user" where id = best.user_id offset 0) found
    order by best.step, best.likeness desc, best.user_id`,
    row: (columns) => required(people.row(columns)),
  };
}

/** SQL for the schema of pg_trgm; no row where the search has no indexes for typos, or the role may not use it. */
export const findTypos: Statement<[string], string> = {
  name: 'user_search_home',
  text: `
    select format('"%s"', replace(nspname, '"', '""'))
    from pg_index
    join pg_opclass on pg_opclass.oid = any(indclass) and opcname = 'gin_trgm_ops'
    join pg_namespace home on home.oid = opcnamespace
    where indrelid = $table$public.user_word$table$::regclass and indisvalid and has_schema_privilege(home.oid, 'USAGE')`,
  row: ([home]) => home,
};
