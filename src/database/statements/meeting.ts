/**
 * SQL for whether two users meet, of lists of their teams: neither is in a team, or both are in the same one. It is all that
 * decides it.
 */
export function meet(teams: string, otherTeams: string): string {
  return `(cardinality(${teams}) + cardinality(${otherTeams}) = 0 or ${teams} && ${otherTeams})`;
}

/** SQL for whether two users take part in the same chat. @param within SQL that goes on with a condition about mine. */
export function shareChat(userId: string, otherId: string, within = ''): string {
  return `exists (
      select from public.chat_participant mine
      cross join lateral (
        select from public.chat_participant where chat_id = mine.chat_id and user_id = ${otherId} offset 0
      ) theirs
      where mine.user_id = ${userId}${within}
    )`;
}

/** SQL for whether the user of one row may know that there is the user of another. */
export function mayKnow(user: string, other: string): string {
  return `(${meet(`${user}.teams`, `${other}.teams`)} or ${shareChat(`${user}.id`, `${other}.id`)})`;
}
