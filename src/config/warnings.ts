import { distance } from 'fastest-levenshtein';

/** What begins so is meant for this server, and for nobody else. */
const OUR_PREFIX = 'RATE_LIMIT_';

/** The shorter a name, the likelier it is that a similar one is another program's: HOME is not a wrong HOST. */
const SHORT_NAME = 6;

/** A line for each variable that looks like a misspelt one of ours, for it has no effect. */
export function misspeltVariables(given: readonly string[], ours: readonly string[]): string[] {
  return given.flatMap((name) => {
    if (ours.includes(name)) return [];
    const [meant] = ours.filter((our) => isSimilar(name, our));
    if (meant !== undefined) return [`${name} is not known, and has no effect. Is it ${meant}?`];
    return name.startsWith(OUR_PREFIX) ? [`${name} is not known, and has no effect.`] : [];
  });
}

function isSimilar(name: string, our: string): boolean {
  const apart = distance(name.toUpperCase(), our);
  return our.length < SHORT_NAME ? apart === 0 : apart <= 2;
}
