/** What somebody may do in a chat, and what each word means. */
export const RIGHTS = {
  send: 'send messages, and edit those',
  mention_all: 'name everybody in a message at once',
  pin: 'pin messages for everybody, and take that back',
  create_poll: 'ask everybody by a poll',
  rename: 'change the name, the picture and the description',
  add_member: 'add people',
  invite: 'make links by which people join, look at them and end them',
  admit: 'let people in who have asked to join, or refuse them',
  remove_member: 'remove people of a lower role',
  moderate: 'restrict people of a lower role, and ban them',
  delete_any: 'delete messages of others, and say when messages disappear',
  slow_exempt: 'write in a frozen group, and without pauses in slow mode',
  freeze: 'freeze the group, and set the pauses of slow mode',
  set_roles: 'give people of a lower role another role below the own one',
  set_rights: 'say what members may do, what newcomers see, and whether the group is public',
  set_custom: 'change the data that programs have attached to the group',
  hand_over: 'make somebody else the owner',
} as const;

export type Right = keyof typeof RIGHTS;

/** From the highest to the lowest. */
export const ROLES = ['owner', 'admin', 'moderator', 'member', 'reader'] as const;

export type Role = (typeof ROLES)[number];

const MODERATOR = [
  ...[
    'send',
    'mention_all',
    'pin',
    'create_poll',
    'rename',
    'add_member',
    'invite',
    'admit',
    'remove_member',
    'moderate',
    'delete_any',
    'slow_exempt',
    'freeze',
  ],
] as readonly Right[];
const ADMIN = [...MODERATOR, 'set_roles', 'set_rights', 'set_custom'] as readonly Right[];

/** What each role may do in a group; of a member what is usual, unless the group says otherwise. */
export const RIGHTS_OF_ROLES: Readonly<Record<Role, readonly Right[]>> = {
  owner: [...ADMIN, 'hand_over'],
  admin: ADMIN,
  moderator: MODERATOR,
  member: ['send', 'create_poll', 'rename', 'add_member'],
  reader: [],
};

/** What both may do in a private chat. */
export const RIGHTS_IN_PRIVATE: readonly Right[] = ['send', 'pin', 'create_poll'];

/** Of these a group may give its members any. The database has the same list. */
export const RIGHTS_FOR_MEMBERS = [
  'send',
  'mention_all',
  'pin',
  'create_poll',
  'rename',
  'add_member',
  'invite',
] as const satisfies readonly Right[];

/** @param memberRights what the group says of its members; null: the usual. */
export function rightsOf(role: Role, memberRights: readonly Right[] | null): readonly Right[] {
  return role === 'member' && memberRights ? memberRights : RIGHTS_OF_ROLES[role];
}

export function isAbove(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) < ROLES.indexOf(other);
}
