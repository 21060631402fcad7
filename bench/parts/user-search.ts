import { signIn } from '../data/cast.js';
import { createDatabase, postgresUrl } from '../data/database.js';
import { fillPeople } from '../data/fill-people.js';
import { drive } from '../load/drive.js';
import { get } from '../requests.js';
import { inTurns, spread } from '../rounds.js';
import type { Section } from '../section.js';
import { startMessenger } from '../servers/servers.js';
import type { Bench } from './index.js';

const PEOPLE = 1_000_000;
/** For --quick, and for the embedded database, which is for fewer. */
const FEW_PEOPLE = 2000;

// cspell:disable
/** What people type, by its kind. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  '1 letter': ['a', 'k', 's', 'm', 'e'],
  '2 letters': ['an', 'ka', 'st', 'ma', 'li'],
  '3 letters': ['ann', 'kat', 'ste', 'mar', 'lin'],
  '8 letters': ['kathar', 'elizabet', 'steinerb', 'christop', 'lindenbu'],
  'a whole name': ['Anna Kleinmeier', 'Katharina Lindenburg', 'Max Grünfeld', 'Elizabeth Vogelstein', 'Noah Steinhof'],
  'a name with a typo': [
    'Ana Kleinmeier',
    'Katarina Lindenbrug',
    'Max Grünfelt',
    'Elisabeth Vogelstien',
    'Noha Steinhof',
  ],
  'a word with a typo': ['Kleinmeyer', 'Katarina', 'Lindenbrug', 'Elisabeth', 'Vogelstien'],
  'a word of nobody': ['Montgomery', 'Rodriguez', 'Papadopoulos', 'Fitzgerald', 'Dostojewski'],
};

// cspell:enable

/** How long a search takes one caller, and eight at once. */
export async function measureUserSearch({ options, folder, say }: Bench): Promise<Section[]> {
  const people = options.quick || postgresUrl === undefined ? FEW_PEOPLE : PEOPLE;
  const database = await createDatabase();
  await fillPeople(database.url, people);
  const server = await startMessenger(database, folder);
  const callers = signIn(1, 8);
  const rows = [];
  for (const [kind, words] of Object.entries(ASKED)) {
    const requests = callers.flatMap((caller) =>
      words.map((text) => get(caller, `/user/search?q=${encodeURIComponent(text)}`)),
    );
    const load = { url: server.url, requests };
    const measure = (connections: number) => async () => {
      await drive({ ...load, connections, until: { seconds: options.warmUpSeconds } });
      return drive({ ...load, connections, until: { seconds: options.seconds } });
    };
    const { alone = [], together = [] } = await inTurns(options.rounds, { alone: measure(1), together: measure(8) });
    const p95 = spread(alone.map((figures) => figures.p95));
    rows.push({
      'What is typed': kind,
      'p50, ms': spread(alone.map(({ p50 }) => p50)),
      'p95, ms': p95,
      '8 at once: p95, ms': spread(together.map(({ p95 }) => p95)),
      '8 at once: requests/s': spread(together.map(({ perSecond }) => perSecond)),
    });
    say(`${kind}: p95 ${p95.median.toFixed(1)} ms`);
  }
  await server.stop();
  const text = `\`GET /user/search\` among ${people.toLocaleString('en-US')} people, over HTTP.`;
  return [{ title: 'Search for users', text, rows }];
}
