import type { preValidationHookHandler } from 'fastify';
import { domainToASCII } from 'node:url';
import { trimBlank } from '../../shared/blank.js';

const NAMES = ['username', 'email', 'usernameOrEmail'];

/**
 * Gives the names in a body their one spelling, before they are checked: without the spaces that were pasted with them, and
 * an email with the ASCII form of its domain (info@müller.de as info@xn--mller-kva.de).
 */
export function normalizeNames(body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  const fields = body as Record<string, unknown>;
  for (const name of NAMES) {
    const value = fields[name];
    if (typeof value === 'string') fields[name] = withAsciiDomain(trimBlank(value));
  }
}

/** A hook of requests that have them in their body. */
export const normalizeNamesOfBody: preValidationHookHandler = (request, _reply, next) => {
  normalizeNames(request.body);
  next();
};

function withAsciiDomain(name: string): string {
  const at = name.lastIndexOf('@');
  const domain = name.slice(at + 1);

  if (at === -1 || /^[\x00-\x7f]*$/.test(domain)) return name;
  // Empty for what is no domain: then the email stays as it is, and is refused.
  const ascii = domainToASCII(domain);
  return ascii === '' ? name : `${name.slice(0, at)}@${ascii}`;
}
