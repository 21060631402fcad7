import { afterEach, expect } from 'vitest';
import { leaks } from './checked-log.js';
import { wrongFrames } from './frame-schemas.js';

afterEach(() => {
  expect(wrongFrames.splice(0)).toEqual([]);
  expect(leaks.splice(0)).toEqual([]);
});
