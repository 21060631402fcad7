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
  ask(url: string, perSecond: number, seconds: number) {
    return probe(url, () => requests[turn++ % requests.length]!, perSecond, seconds);
  },
};
export type Commands = typeof commands;

serve(commands);
