import { isDeepStrictEqual } from 'node:util';
import { audit, type Actor } from '../../audit/index.js';
import type { Context } from '../../changes/index.js';
import type { StoredFilters } from '../../database/index.js';
import { validationError } from '../../shared/errors.js';
import { changedMeanwhile } from '../users/index.js';
import { lockFilters, writeFilters } from './filters.queries.js';
import { isSanction, type FilterSettings, type SetFilters } from './filters.schemas.js';
import { readDomain } from './links.js';
import { readEntry } from './words.js';

const OFF = {
  ...{ words: null, links: null, mentions: null, flood: null },
  ...{ exempt_roles: [], exempt_api_keys: false },
};
const FILTERS = ['words', 'links', 'mentions', 'flood'] as const;

/** As admins see them. What is not stored is off. */
export function shownSettings({ version, settings }: StoredFilters): FilterSettings {
  return { ...OFF, ...settings, version };
}

export async function getFilters({ statements }: Pick<Context, 'statements'>): Promise<FilterSettings> {
  const stored = await statements.filters.after(-1);
  if (!stored) throw new Error('The row of the filters is gone.');
  return shownSettings(stored);
}

/**
 * What is so already changes nothing.
 * @returns them as they are stored.
 * @throws VALIDATION_ERROR for an entry that is no word, a domain that is none, or a restriction without its time; CHANGED_MEANWHILE when they
 *   have another version than `if_version`.
 */
export async function setFilters(
  { db }: Pick<Context, 'db'>,
  actor: Actor,
  { if_version: expected, ...given }: SetFilters,
): Promise<StoredFilters> {
  const settings = { ...OFF, ...given, exempt_roles: [...new Set(given.exempt_roles)] };
  validate(settings);
  return db.inTransaction(`filters ${actor.id ?? 0}`, async (tx) => {
    const before = await lockFilters(tx);
    const { version, ...earlier } = shownSettings(before);
    const changed = Object.keys(OFF).filter(
      (key) => !isDeepStrictEqual(earlier[key as keyof typeof OFF], settings[key as keyof typeof OFF]),
    );
    if (changed.length === 0) return before;
    if (expected !== undefined && expected !== version) throw changedMeanwhile();
    const stored = { version: version + 1, settings };
    await writeFilters(tx, stored);
    const actions = Object.fromEntries(FILTERS.map((key) => [key, settings[key]?.outcome.action ?? 'off']));
    await audit(tx, { actor, action: 'filters.changed', details: { version: stored.version, changed, ...actions } });
    return stored;
  });
}

type Given = Omit<FilterSettings, 'version'>;

/** @throws VALIDATION_ERROR. */
function validate({ words, links, mentions, flood }: Given): void {
  const errors: Record<string, string> = {};
  for (const [name, filter] of Object.entries({ words, links, mentions, flood })) {
    if (filter && isSanction(filter.outcome.action) && filter.outcome.seconds === undefined)
      errors[name] = 'must say for how many seconds';
  }
  const isNoWord = (entry: string) => readEntry(entry) === undefined;
  if (words?.entries.some(isNoWord) || words?.allowed?.some(isNoWord))
    errors.words = 'must have words alone, each perhaps with a * behind it';
  if (links?.domains.some((domain) => readDomain(domain) === undefined)) errors.links = 'must have domains alone';
  if (flood && !flood.messages && !flood.repeats) errors.flood = 'must count messages or repeats';
  if (Object.keys(errors).length > 0) throw validationError({ errors });
}
