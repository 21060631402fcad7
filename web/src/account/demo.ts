import { kept } from '../app/kept.js';
import { isDevelopment } from '../app/server-settings.js';

const KEPT = 'demo';

/** Two of the demo world, by their names there: with DEVELOPMENT=on such a name is a token. */
export const DEMO_PEOPLE = [
  { externalId: 'demo-ada', name: 'Ada Okafor' },
  { externalId: 'demo-ben', name: 'Ben Lindqvist' },
] as const;

export type DemoPerson = (typeof DEMO_PEOPLE)[number];

/** The token of the one as whom somebody has entered; undefined: nobody has. */
export function demoToken(): string | undefined {
  const externalId = isDevelopment ? kept.read(KEPT) : null;
  return externalId === null ? undefined : `dev:${externalId}`;
}

export function keepDemo(person: DemoPerson | undefined): void {
  kept.write(KEPT, person?.externalId ?? null);
}
