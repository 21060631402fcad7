import { withClient } from '../data/database.js';
import { CAST } from '../data/cast.js';
import { PASSWORD } from '../data/world.js';
import { Times } from '../load/clock.js';
import type { Section } from '../section.js';
import { startMessenger } from '../servers/servers.js';
import type { Bench } from './index.js';

const LOGINS = 200;
const QUICK_LOGINS = 5;

/** Whether the time of a login that is refused tells why. */
export async function measureLoginTimes({ database, options, folder }: Bench): Promise<Section[]> {
  const server = await startMessenger(database, folder);
  const [known, suspended] = CAST.hotAuthors;
  await withClient(database.url, (client) =>
    client.query('update "user" set suspended_at = now() where id = $1', [suspended!.id]),
  );
  const wrong = 'a wrong guess of a password';
  const logins = {
    'an unknown name': { usernameOrEmail: 'nobody-has-this-name', password: wrong },
    'a wrong password': { usernameOrEmail: known!.username, password: wrong },
    'a suspended account, with the right password': { usernameOrEmail: suspended!.username, password: PASSWORD },
  };
  const times = new Map(Object.keys(logins).map((name) => [name, new Times()]));
  // In turns, one at a time, so that whatever else the machine does meets all alike.
  for (let round = 0; round < (options.quick ? QUICK_LOGINS : LOGINS); round++) {
    for (const [name, credentials] of Object.entries(logins)) {
      const start = performance.now();
      const status = await logIn(server.url, credentials);
      times.get(name)!.add(performance.now() - start);
      if (status !== 400) throw new Error(`${name} was answered with ${status}`);
    }
  }
  await server.stop();
  await withClient(database.url, (client) => client.query('update "user" set suspended_at = null'));
  const medians = [...times].map(([name, figures]) => ({ name, ...figures.figures() }));
  const [{ p50: first } = { p50: NaN }] = medians;
  return [
    {
      title: 'Logins that are refused',
      text: 'They take the same time for each reason, which an attacker therefore does not learn.',
      rows: medians.map(({ name, count, p50, p99 }) => ({
        'Refused for': name,
        Logins: count,
        'p50, ms': p50,
        'p99, ms': p99,
        'p50, to the first': p50 / first,
      })),
    },
  ];
}

async function logIn(url: string, credentials: object): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/login`, { method: 'POST', headers, body: JSON.stringify(credentials) });
  await response.arrayBuffer();
  return response.status;
}
