import { openGroup } from '../../test/client/rest.js';
import { CAST } from '../data/cast.js';
import { databaseCalls } from '../load/database-calls.js';
import { drive } from '../load/drive.js';
import { carryOut } from '../load/one-by-one.js';
import { get, react, send, type Request, type RequestMaker } from '../requests.js';
import { inTurns, medianOf, ratio, spread, sumOf } from '../rounds.js';
import type { Section } from '../section.js';
import { startMessenger } from '../servers/servers.js';
import type { Bench } from './index.js';

const PAGE = 50;
const CONNECTIONS = 16;
/** Greater than the id of any message. */
const NO_MESSAGE = 2 ** 52;
const EMOJIS = ['👍', '🎉'];

/** What it costs that each message of a page answers another, names people, and was reacted to. */
export async function measureRichPage({ database, options, folder, say }: Bench): Promise<Section[]> {
  const server = await startMessenger(database, folder);
  const people = CAST.hotAuthors;
  const [author, ...others] = people;
  const write = async (chatId: number, contents: string, more: object = {}) => {
    return JSON.parse(await carryOut(server.url, send(author!, chatId, contents, more))) as { readonly id: number };
  };
  const pageOf = (chatId: number) => people.map((person) => get(person, `/chat/${chatId}/messages?limit=${PAGE}`));
  let cursor = NO_MESSAGE;
  /** The same messages as a page that nobody has asked for. */
  const newPageOf = (chatId: number) => () =>
    get(author!, `/chat/${chatId}/messages?limit=${PAGE}&order=desc&cursor=${cursor++}`);
  const bytesOf = async (chatId: number) => Buffer.byteLength(await carryOut(server.url, pageOf(chatId)[0]!));

  const rich = await openGroup(server.url, author!, others);
  const ids = [(await write(rich, 'the first')).id];
  for (let n = 0; n < PAGE; n++) {
    const mentions = { user_ids: others.slice(0, 2).map(({ id }) => id) };
    ids.push((await write(rich, `message ${n}`, { reply_to_id: ids.at(-1), mentions })).id);
  }
  // All at once: those of a chat are gathered.
  const reactions = ids.flatMap((id) =>
    EMOJIS.flatMap((emoji) => others.map((person) => carryOut(server.url, react(person, id, emoji)))),
  );
  await Promise.all(reactions);
  const bytes = await bytesOf(rich);
  // What these messages have in fields, plain ones have in their texts.
  const withTexts = async (length: number) => {
    const chatId = await openGroup(server.url, author!, others);
    for (let n = 0; n <= PAGE; n++) await write(chatId, 'x'.repeat(length));
    return chatId;
  };
  const missing = (bytes - (await bytesOf(await withTexts(1)))) / PAGE;
  const plain = await withTexts(1 + Math.round(missing));

  const measure = (requests: Request[] | RequestMaker) => async () => {
    const load = { url: server.url, requests, connections: CONNECTIONS };
    await drive({ ...load, until: { seconds: options.warmUpSeconds } });
    const before = await databaseCalls(server);
    const figures = await drive({ ...load, until: { seconds: options.seconds } });
    return { ...figures, calls: (await databaseCalls(server)) - before };
  };
  const measured = await inTurns(options.rounds, {
    plain: measure(pageOf(plain)),
    rich: measure(pageOf(rich)),
    'rich, each for the first time': measure(newPageOf(rich)),
  });
  const plainBytes = await bytesOf(plain);
  await server.stop();
  const { plain: plainRounds = [] } = measured;
  const rows = Object.entries(measured).map(([name, rounds]) => {
    return {
      Page: name,
      Bytes: name === 'plain' ? plainBytes : bytes,
      'Requests/s': spread(rounds.map(({ perSecond }) => perSecond)),
      'for 1 of the plain page': ratio(rounds, plainRounds, ({ perSecond }) => perSecond),
      'p95, ms': medianOf(rounds, ({ p95 }) => p95),
      'Database calls': sumOf(rounds, ({ calls }) => calls) / sumOf(rounds, ({ answers, errors }) => answers + errors),
      Errors: sumOf(rounds, ({ errors }) => errors),
    };
  });
  say(`a rich page: ${rows[1]!['for 1 of the plain page'].median.toFixed(2)} of a plain one`);
  const text =
    `Pages of ${PAGE} messages: each answers another one, names two people, and has ${EMOJIS.length} emojis of ${others.length} people; and plain ones with as ` +
    'many bytes of text.';
  return [{ title: 'Rich pages', text, rows }];
}
