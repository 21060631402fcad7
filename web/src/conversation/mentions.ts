import type { People, ShownMessage } from 'messenger-client';
import type { Texts } from '../texts/index.js';
import { plainTextOf } from './formatting.js';

export type Mentions = ShownMessage['mentions'];

/** Whether the message names them: what it only writes names nobody. */
export function isNamed(mentions: Mentions, whom: string): boolean {
  if (whom === 'all') return mentions?.all === true;
  return mentions?.roles?.includes(whom) === true || mentions?.user_ids?.includes(Number(whom)) === true;
}

/** What a mention is called now. */
export function mentionName(whom: string, nameOf: (id: number) => string, texts: Texts): string {
  const known: Readonly<Record<string, string>> = texts.mentioned;
  return known[whom] ?? nameOf(Number(whom));
}

/** The contents as a line that shows no more. */
export function lineOf(contents: string, people: People, texts: Texts): string {
  const nameOf = (id: number) => people.get(id)?.name ?? texts.somebody;
  return plainTextOf(contents, (whom) => mentionName(whom, nameOf, texts));
}

/** Whether a message names the user, by a role of theirs as well. */
export function namesMe(mentions: Mentions, me: number, role: string): boolean {
  return isNamed(mentions, 'all') || isNamed(mentions, role) || isNamed(mentions, String(me));
}

const WRITTEN = /(^|[^\w.-])@([\w.-]*\w)/g;
const KEPT = /<@([1-9]\d{0,15})>/g;

/** Somebody who may be named. */
export interface Nameable {
  readonly id: number;
  readonly username: string;
}

/** Whom a message names that is sent. */
export interface GivenMentions {
  readonly user_ids: number[];
  readonly roles: Role[];
  all: boolean;
}

export function namesSomebody({ all, roles, user_ids }: GivenMentions): boolean {
  return all || roles.length > 0 || user_ids.length > 0;
}

/** What is sent for what one has written: users by their ids, and whom it names. */
export function namedIn(
  written: string,
  people: readonly Nameable[],
  mayNameAll: boolean,
): { readonly contents: string; readonly mentions: GivenMentions } {
  const mentions: GivenMentions = { user_ids: [], roles: [], all: false };
  const byName = new Map(people.map((each) => [each.username.toLowerCase(), each.id]));
  const contents = written.replace(WRITTEN, (whole, before: string, name: string) => {
    const id = byName.get(name.toLowerCase());
    if (id !== undefined) {
      if (!mentions.user_ids.includes(id)) mentions.user_ids.push(id);
      return `${before}<@${id}>`;
    }
    const role = ROLES.find((each) => each === name);
    if (role) {
      if (!mentions.roles.includes(role)) mentions.roles.push(role);
    } else if (name === 'all' && mayNameAll) mentions.all = true;
    else return whole;
    return `${before}<@${name}>`;
  });
  return { contents, mentions };
}

const ROLES = ['owner', 'admin', 'moderator'] as const;
type Role = (typeof ROLES)[number];

/** The same back, as one writes it. */
export function writtenOf(contents: string, people: People): string {
  return contents
    .replace(KEPT, (whole, id: string) => {
      const person = people.get(Number(id));
      return person ? `@${person.username}` : whole;
    })
    .replace(/<@(all|owner|admin|moderator)>/g, '@$1');
}

/** The beginning of a name that is being written before the caret. */
export function nameBefore(text: string, caret: number): string | undefined {
  return /(?:^|[^\w.-])@([\w.-]*)$/.exec(text.slice(Math.max(0, caret - 66), caret))?.[1];
}
