import type { BenchDatabase } from '../data/database.js';
import type { Options } from '../options.js';
import type { Section } from '../section.js';
import { measureDelivery } from './delivery.js';
import { measureFromEmpty } from './from-empty.js';
import { measureGrowth } from './growth.js';
import { measureLargeGroup } from './large-group.js';
import { measureLoginTimes } from './login-times.js';
import { measureLoginBurst, measureOverload } from './overload.js';
import { measureReactions } from './reactions.js';
import { measureRichPage } from './rich-page.js';
import { measureIdle, measureSlowReader } from './sockets.js';
import { measureThroughput } from './throughput.js';
import { measureUserSearch } from './user-search.js';

/** What every part measures with; the database is filled. */
export interface Bench {
  readonly database: BenchDatabase;
  readonly options: Options;
  /** For logs and data folders. */
  readonly folder: string;
  /** Where two nodes meet; undefined: only one is measured. */
  readonly redisUrl: string | undefined;
  readonly say: (line: string) => void;
}

/** In their order: sends leave unread messages, which make lists of chats slower. */
export const PARTS: Readonly<Record<string, (bench: Bench) => Promise<Section[]>>> = {
  'from empty': measureFromEmpty,
  growth: measureGrowth,
  throughput: measureThroughput,
  'login burst': measureLoginBurst,
  'login times': measureLoginTimes,
  overload: measureOverload,
  delivery: measureDelivery,
  reactions: measureReactions,
  'rich page': measureRichPage,
  'slow reader': measureSlowReader,
  idle: measureIdle,
  'user search': measureUserSearch,
  'large group': measureLargeGroup,
};
