import { currentPath, hrefOf } from '../app/address.js';

const KEPT = 'messenger.invite';
const OPENED = /^i(?:\/([\w-]+))?$/;

/** What people pass on. The secret comes after a #, so no server and no proxy writes it down. */
export function inviteLink(token: string): string {
  return `${location.origin}${hrefOf('i')}#${token}`;
}

/** The secret of the link that is opened. In an address that was written by hand it may be a part of the path: it is put behind a # at once. */
export function openedInvite(): string | undefined {
  const opened = OPENED.exec(currentPath());
  if (!opened) return undefined;
  const [, written] = opened;
  if (written !== undefined) history.replaceState(null, '', `${hrefOf('i')}#${written}`);
  const token = written ?? location.hash.slice(1);
  return token === '' ? undefined : token;
}

/** Of a stranger, who first signs in or up: it outlives the pages of the entrance, and no longer. */
export const keptInvite = {
  read(): string | undefined {
    try {
      return sessionStorage.getItem(KEPT) ?? undefined;
    } catch {
      return undefined;
    }
  },
  write(token: string | undefined): void {
    try {
      if (token === undefined) sessionStorage.removeItem(KEPT);
      else sessionStorage.setItem(KEPT, token);
    } catch {
      // The browser does not allow it: the link is opened once more.
    }
  },
};
