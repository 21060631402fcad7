/** From the highest to the lowest. */
const ROLES = ['owner', 'admin', 'moderator', 'member', 'reader'] as const;

export type Role = (typeof ROLES)[number];

function rankOf(role: string): number {
  return ROLES.findIndex((each) => each === role);
}

export function isAbove(role: string, other: string): boolean {
  return rankOf(role) < rankOf(other);
}

/** Which roles one may give to whom has this role, but for that of the owner. */
export function rolesBelow(own: string, present: string): Role[] {
  return ROLES.filter((role) => isAbove(own, role) && role !== present);
}
