import type { Commands } from './crowd.main.js';
import { Forked } from './forked.js';

/** Many people who each do something now and then, whether others have been answered or not. */
export class Crowd extends Forked<Commands> {
  constructor() {
    super('crowd.main.ts');
  }
}
