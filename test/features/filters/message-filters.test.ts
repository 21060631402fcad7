import { expect, it } from 'vitest';
import type { Context } from '../../../src/changes/index.js';
import type { Statements } from '../../../src/database/index.js';
import { MessageFilters } from '../../../src/features/index.js';
import { checkedLog } from '../../support/checked-log.js';

/** Of the database there is nothing: whatever were asked of it would fail. */
const NOTHING = {} as Context;
const WRITING = {
  ...{ userId: 1, chatId: 2, contents: 'hello', clientId: 'x', mentions: undefined, isByKey: false, isEdit: false },
  wasWritten: () => Promise.reject(new Error('Nobody is to ask.')),
};

const filtersOf = (settings: object) => {
  let reads = 0;
  const after = () => {
    reads += 1;
    return Promise.resolve({ version: reads, settings });
  };
  const filters = new MessageFilters({ filters: { after } } as unknown as Statements, checkedLog);
  return { filters, reads: () => reads };
};

it('filters that are off are known to be so once they have been read', async () => {
  const { filters, reads } = filtersOf({});
  expect(filters.isOff).toBe(false);
  expect(await filters.judge(NOTHING, WRITING)).toBeUndefined();
  expect(filters.isOff).toBe(true);
  expect(reads()).toBe(1);
});

it('filters that find nothing ask the database nothing', async () => {
  const outcome = { action: 'block' };
  const { filters, reads } = filtersOf({
    words: { entries: ['cat'], outcome },
    links: { mode: 'only', domains: [], outcome },
    mentions: { limit: 0, outcome },
    flood: { messages: { limit: 100, seconds: 60 }, outcome },
  });
  for (let times = 0; times < 50; times += 1)
    expect(await filters.judge(NOTHING, { ...WRITING, clientId: undefined })).toBeUndefined();
  expect(reads()).toBe(1);
  expect(filters.isOff).toBe(false);
});

it('of two versions the newer one counts, whichever is read last', () => {
  const { filters } = filtersOf({});
  filters.apply({ version: 3, settings: {} });
  filters.apply({ version: 2, settings: { words: { entries: ['cat'], outcome: { action: 'block' } } } });
  expect(filters.isOff).toBe(true);
});
