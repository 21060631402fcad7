import { domainToASCII } from 'node:url';
import type { LinkFilter } from './filters.schemas.js';

const MAX_DOMAIN = 253;
const DOMAIN = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
/** An address has these beside its domain. */
const NOT_OF_DOMAINS = /[/\\:@?#%[\]]/;
/** Where no address goes on. */
const APART = /[\s<>()[\]{}"'`|^*]+/u;
/** What may be an address without `https://`. */
const DOTTED = /[\p{L}\p{M}\p{N}._-]+/gu;
/** A dot in Chinese and Japanese, which browsers take as one. */
const DOTS = /[。．｡]/gu;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** @returns the domain as the network knows it; undefined: it is none. */
export function readDomain(text: string): string | undefined {
  if (text.length > MAX_DOMAIN || NOT_OF_DOMAINS.test(text)) return undefined;
  const domain = trimMarks(domainToASCII(text.trim()));
  return DOMAIN.test(domain) ? domain : undefined;
}

/** Without the marks of a sentence, and of formatting, around it. */
function trimMarks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && !isOfDomain(text, start)) start += 1;
  while (end > start && !isOfDomain(text, end - 1)) end -= 1;
  return text.slice(start, end);
}

function isOfDomain(text: string, index: number): boolean {
  return !'.,;:!?-_~'.includes(text.charAt(index));
}

/** Domains with all below them. */
export class LinkList {
  readonly #mode: LinkFilter['mode'];
  readonly #domains: ReadonlySet<string>;

  constructor({ mode, domains }: LinkFilter) {
    this.#mode = mode;
    this.#domains = new Set(domains.flatMap((domain) => readDomain(domain) ?? []));
  }

  /** Whether the text has a link that is not to be there. A domain is one without `https://`, too, where it is on the list. */
  isFoundIn(contents: string): boolean {
    const text = contents.replace(INVISIBLE, '').replace(DOTS, '.');
    const hosts = hostsOf(text);
    if (this.#mode === 'only') return hosts.some((host) => !this.#has(host));
    return hosts.some((host) => this.#has(host)) || dottedOf(text).some((host) => this.#has(host));
  }

  #has(host: string): boolean {
    for (let rest = host; ;) {
      if (this.#domains.has(rest)) return true;
      const dot = rest.indexOf('.');
      if (dot === -1) return false;
      rest = rest.slice(dot + 1);
    }
  }
}

/** Where the links of a text lead, as a browser reads them. */
function hostsOf(text: string): string[] {
  return text.split(APART).flatMap((part) =>
    part.split(/(?=https?:)/iu).flatMap((address) => {
      const isWhole = /^https?:/iu.test(address);
      if (!isWhole && !/^www\../iu.test(address)) return [];
      const url = isWhole ? address : `https://${address}`;
      // What no browser opens is no link.
      return URL.canParse(url) ? [trimMarks(new URL(url).hostname)] : [];
    }),
  );
}

function dottedOf(text: string): string[] {
  return (text.match(DOTTED) ?? []).flatMap((part) => (part.includes('.') ? (readDomain(part) ?? []) : []));
}
