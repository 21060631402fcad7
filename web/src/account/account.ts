import { createClient, MessengerError, type MessengerClient, type User } from 'messenger-client';
import { indexedDbStore } from 'messenger-client/indexeddb';
import { kept } from '../app/kept.js';
import { forgetDrafts } from '../chats/drafts.js';
import { ROOT } from '../app/root.js';
import { signal } from '../app/signal.js';
import { request } from './api.js';
import { keepDemo, type DemoPerson } from './demo.js';
import { ask, forgetToken, getToken, keepToken, userIdOf, type AccessToken } from './tokens.js';

const ACCOUNT = 'account';
/** Set while there is a session here that somebody has left, and that goes on at the server. */
const LEFT = 'left';

/** Who is signed in on this page. */
export interface Account {
  /** The user's id as a text: what is kept of them here is named by it. */
  readonly userId: string;
  readonly client: MessengerClient;
}

function open(userId: string): Account {
  const client = createClient({
    url: ROOT.href,
    getToken,
    store: indexedDbStore(),
    account: `user ${userId}`,
    onError: (error) => console.warn(error),
  });
  return { userId, client };
}

const remembered = kept.read(ACCOUNT);

/** undefined: nobody is signed in. */
export const account = signal<Account | undefined>(remembered === null ? undefined : open(remembered));

/** A name for the list of sessions. */
function device(): string {
  const { userAgent } = navigator;
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\//.exec(userAgent)?.[1] ?? 'Browser';
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|CrOS|Linux)/.exec(userAgent)?.[1] ?? '';
  return [{ Edg: 'Edge', OPR: 'Opera' }[browser] ?? browser, system].filter(Boolean).join(', ');
}

async function enter(path: string, body: object): Promise<void> {
  await endLeft();
  const answer = await request<AccessToken>('POST', path, { ...body, cookie: true, device: device() });
  keepDemo(undefined);
  keepToken(answer);
  begin(userIdOf(answer));
}

/** On a server in development: enters as somebody of the demo world. @throws MessengerError */
export async function enterAs(person: DemoPerson): Promise<void> {
  const me = await request<User>('GET', 'user/me', undefined, `dev:${person.externalId}`);
  forgetToken();
  keepDemo(person);
  begin(String(me.id));
}

function begin(userId: string): void {
  const left = account.getSnapshot();
  kept.write(ACCOUNT, userId);
  if (left?.userId === userId) left.client.connect();
  else {
    left?.client.close();
    account.set(open(userId));
  }
}

export interface Credentials {
  readonly usernameOrEmail: string;
  readonly password: string;
  readonly code?: string;
}

/** @throws MessengerError */
export function signIn(credentials: Credentials): Promise<void> {
  return enter('login', credentials);
}

export interface Registration {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/** @throws MessengerError */
export function signUp(registration: Registration): Promise<void> {
  return enter('register', registration);
}

/** Ends the session at the server, now or when it can be reached again. */
async function endSession(): Promise<void> {
  kept.write(LEFT, 'on');
  try {
    await ask('POST', 'logout');
  } catch (error) {
    if (error instanceof MessengerError && error.isTemporary) return;
  }
  kept.write(LEFT, null);
}

async function endLeft(): Promise<void> {
  if (kept.read(LEFT) === null) return;
  await endSession();
  forgetToken();
}

function endLeftByItself(): void {
  if (!account.getSnapshot()) void endLeft();
}
endLeftByItself();
addEventListener('online', endLeftByItself);

/** Ends the session, and forgets everything of the user in this browser. */
export async function signOut(): Promise<void> {
  const left = account.getSnapshot();
  if (!left) return;
  await endSession();
  await left.client.signOut();
  forgetToken();
  keepDemo(undefined);
  kept.write(ACCOUNT, null);
  forgetDrafts(left.userId);
  account.set(undefined);
}

/** Somebody has signed out in another tab. */
addEventListener('storage', ({ key, newValue }) => {
  const left = account.getSnapshot();
  if (key !== `messenger.${ACCOUNT}` || newValue !== null || !left) return;
  left.client.close();
  forgetToken();
  forgetDrafts(left.userId);
  account.set(undefined);
});
