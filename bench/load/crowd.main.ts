// Asks in a process of its own; see crowd.ts.
import type { Request } from '../requests.js';
import { serve } from './forked.js';
import { probe } from './probe.js';

let requests: readonly Request[] = [];
let turn = 0;

const commands = {
  /** @param asked one after the other, and then again. */
  prepare(asked: readonly Request[]) {
    requests = asked;
  },
  /** @returns also how many were answered in a second, until the last of them was. */
  async ask(url: string, perSecond: number, seconds: number) {
    const begin = performance.now();
    const figures = await probe(url, () => requests[turn++ % requests.length]!, perSecond, seconds);
    return { ...figures, perSecond: (figures.answers * 1000) / (performance.now() - begin) };
  },
};
export type Commands = typeof commands;

serve(commands);
