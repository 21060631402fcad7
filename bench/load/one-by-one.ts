import type { Request } from '../requests.js';
import { Times } from './clock.js';

/** @returns the answer as text. @throws Error when it is not 200. */
export async function carryOut(url: string, { path, ...init }: Request): Promise<string> {
  const response = await fetch(url + path, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method} ${path} was answered with ${response.status}: ${text}`);
  return text;
}

/** How long each of the requests takes, of which the next is asked when one is answered. */
export async function oneByOne(url: string, requests: readonly Request[]): Promise<ReturnType<Times['figures']>> {
  const times = new Times();
  for (const request of requests) {
    const start = performance.now();
    await carryOut(url, request);
    times.add(performance.now() - start);
  }
  return times.figures();
}
