import { MessengerError } from 'messenger-client';
import { isUnauthorized, request } from './api.js';
import { demoToken } from './demo.js';

export interface AccessToken {
  readonly access_token: string;
}

/** Only here: what is kept for the next page is the cookie, which no script can read. */
let token: string | undefined;
let isFresh = false;

export function keepToken(answer: AccessToken): void {
  token = answer.access_token;
  isFresh = true;
}

export function forgetToken(): void {
  token = undefined;
}

/** Whose token it is. */
export function userIdOf({ access_token }: AccessToken): string {
  const [, payload = ''] = access_token.split('.');
  const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { readonly sub: string };
  return claims.sub;
}

/** Another token by the cookie. Tabs take turns, because each cookie is good for one time. null: nobody is signed in. */
async function refresh(): Promise<string | null> {
  try {
    keepToken(await request<AccessToken>('POST', 'token/refresh', { cookie: true }));
    return token ?? null;
  } catch (error) {
    // A refusal that no repeat would change.
    if (error instanceof MessengerError && !error.isTemporary) return null;
    if (isUnauthorized(error)) return null;
    throw error;
  }
}

/** What the client asks for when it needs a token. */
export async function getToken(): Promise<string | null> {
  const demo = demoToken();
  if (demo !== undefined) return demo;
  if (isFresh && token !== undefined) {
    isFresh = false;
    return token;
  }
  // Pages that are not served over HTTPS have no locks.
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  const next = await (locks ? locks.request('messenger: token', refresh) : refresh());
  isFresh = false;
  return next;
}

/** A request with the user's token. @throws MessengerError */
export async function ask<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
  token ??= (await getToken()) ?? undefined;
  try {
    return await request<T>(method, path, body, token);
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
  }
  token = (await getToken()) ?? undefined;
  return await request<T>(method, path, body, token);
}
