import { afterEach, expect } from 'vitest';
import { wrongFrames } from './frame-schemas.js';

afterEach(() => {
  expect(wrongFrames.splice(0)).toEqual([]);
});
