import { MessengerError } from 'messenger-client';
import { ROOT } from '../app/root.js';

const TIMEOUT_MS = 15_000;
const UNAUTHORIZED = 401;

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A request that the client does not make: of accounts and sessions. @throws MessengerError */
export async function request<T>(method: Method, path: string, body?: unknown, token?: string): Promise<T> {
  let response: Response;
  try {
    response = await fetch(new URL(path, ROOT), {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw MessengerError.offline(cause);
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw MessengerError.of(response.status, answer);
  return answer as T;
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof MessengerError && error.status === UNAUTHORIZED;
}
