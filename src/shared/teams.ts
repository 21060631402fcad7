/** How many one user may be in. */
export const MAX_TEAMS = 100;

export const TEAM_PATTERN = '^[A-Za-z0-9_.:-]{1,64}$';

const TEAM = new RegExp(TEAM_PATTERN);

/** Whether somebody may be in these teams. */
export function isTeams(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_TEAMS &&
    value.every((team: unknown) => typeof team === 'string' && TEAM.test(team))
  );
}

/** Each once, in one order. */
export function sortTeams(teams: readonly string[]): string[] {
  return [...new Set(teams)].sort();
}
