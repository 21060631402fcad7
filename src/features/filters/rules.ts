import type { Writing } from '../feature.js';
import type { NewMentions } from '../mentions/index.js';
import type { FilterSettings, FloodFilter, MentionFilter, Outcome } from './filters.schemas.js';
import type { Flood } from './flood.js';
import { LinkList } from './links.js';
import { WordList, fold, wordsOf } from './words.js';

type FilterName = 'words' | 'links' | 'mentions' | 'flood';

/** What a filter has found in a message. */
export interface Finding {
  readonly filter: FilterName;
  readonly outcome: Outcome;
}

interface Rule {
  readonly filter: FilterName;
  readonly outcome: Outcome;
  readonly isFoundIn: (writing: Writing) => boolean;
}

const SEVERITY = { flag: 0, block: 1, restrict: 2, shadow: 3 } as const;

/** The filters that are on. */
export class Rules {
  readonly isKeyExempt: boolean;
  readonly #exemptRoles: ReadonlySet<string>;
  readonly #rules: readonly Rule[];
  readonly #floodFilter: FloodFilter | null;
  readonly #flood: Flood;

  private constructor(settings: FilterSettings, flood: Flood) {
    this.isKeyExempt = settings.exempt_api_keys;
    this.#exemptRoles = new Set(settings.exempt_roles);
    this.#rules = rulesOf(settings);
    this.#floodFilter = settings.flood;
    this.#flood = flood;
  }

  /** @param flood what has been counted so far. @returns null: all are off. */
  static of(settings: FilterSettings, flood: Flood): Rules | null {
    const { words, links, mentions, flood: floodFilter } = settings;
    return (words ?? links ?? mentions ?? floodFilter) ? new Rules(settings, flood) : null;
  }

  isExempt(role: string): boolean {
    return this.#exemptRoles.has(role);
  }

  /** The severest. What is refused for what it says does not count as sent. */
  findingOf(writing: Writing): Finding | undefined {
    let worst: Finding | undefined;
    for (const { filter, outcome, isFoundIn } of this.#rules) {
      const isWorse = !worst || SEVERITY[outcome.action] > SEVERITY[worst.outcome.action];
      if (isWorse && isFoundIn(writing)) worst = { filter, outcome };
    }
    if (worst && worst.outcome.action !== 'flag') return worst;
    return this.#floodOf(writing) ?? worst;
  }

  #floodOf(writing: Writing): Finding | undefined {
    const rule = this.#floodFilter;
    if (!rule || writing.isEdit || !this.#flood.isTooMuch(rule, writing.userId, writing)) return undefined;
    // It is sent: the next report comes after as many again.
    if (rule.outcome.action === 'flag') this.#flood.forget(writing.userId);
    return { filter: 'flood', outcome: rule.outcome };
  }
}

function rulesOf({ words, links, mentions }: FilterSettings): Rule[] {
  const rules: Rule[] = [];
  if (words) {
    const [found, allowed] = [new WordList(words.entries), new WordList(words.allowed ?? [])];
    const isFoundIn = ({ contents }: Writing) =>
      wordsOf(fold(contents)).some((word) => found.has(word) && !allowed.has(word));
    rules.push({ filter: 'words', outcome: words.outcome, isFoundIn });
  }
  if (links) {
    const list = new LinkList(links);
    rules.push({ filter: 'links', outcome: links.outcome, isFoundIn: ({ contents }) => list.isFoundIn(contents) });
  }
  if (mentions) {
    rules.push({
      filter: 'mentions',
      outcome: mentions.outcome,
      isFoundIn: (writing) => namesTooMany(mentions, writing),
    });
  }
  return rules;
}

function namesTooMany({ limit }: MentionFilter, { mentions }: Writing): boolean {
  const { user_ids = [], roles = [], all = false } = (mentions ?? {}) as NewMentions;
  return new Set(user_ids).size + new Set(roles).size + (all ? 1 : 0) > limit;
}
