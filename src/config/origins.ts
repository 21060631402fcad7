/** Scheme, `*.` or nothing, and the rest of an origin; a slash at its end is what people copy from the address line. */
const ORIGIN = /^(https?:\/\/)(\*\.)?([^\s/\\?#@*]+)\/?$/i;

/** A domain below which every subdomain may be trusted: at least two labels, the last one no number. */
const PARENT = /^(localhost|([a-z0-9_-]+\.)+[a-z][a-z0-9-]*)$/;

/**
 * An origin as browsers send it: lower case, the domain in ASCII, without the scheme's own port. `https://*.example.com` is
 * every subdomain of example.com at any depth, and not example.com itself.
 * @returns undefined for what is no origin.
 */
export function parseOrigin(text: string): string | RegExp | undefined {
  const [, scheme, wildcard, rest] = ORIGIN.exec(text) ?? [];
  if (scheme === undefined || rest === undefined || !URL.canParse(scheme + rest)) return undefined;
  const { origin, protocol, hostname, port } = new URL(scheme + rest);
  if (wildcard === undefined) return origin;
  if (!PARENT.test(hostname)) return undefined;
  const parent = hostname.replaceAll('.', '\\.');
  return new RegExp(`^${protocol}//([a-z0-9_-]+\\.)+${parent}${port && `:${port}`}$`);
}
