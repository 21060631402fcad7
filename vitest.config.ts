import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const SLOW = 'test/**/*.slow.test.ts';

const common = {
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // What is waited for is no measure of speed: a machine may be slow.
  expect: { poll: { timeout: 10_000 } },
  setupFiles: 'test/support/after-each-test.ts',
} as const;

export default defineConfig({
  test: {
    globalSetup: 'test/support/global-setup.ts',
    reporters: ['default', './test/support/flaky-reporter.ts'],
    // One more than there are cores, because many tests wait for a timer of the server.
    maxWorkers: availableParallelism() + 1,
    projects: [
      // The files of a process share what they import, and a database: to load and start both takes longer than most files.
      { test: { ...common, name: 'quick', include: ['test/**/*.test.ts'], exclude: [SLOW], isolate: false } },
      // messenger-client, against the server.
      { test: { ...common, name: 'sdk', include: ['sdk/test/**/*.test.ts'], isolate: false } },
      // What starts, kills or waits for whole processes.
      { test: { ...common, name: 'slow', include: [SLOW], testTimeout: 120_000, hookTimeout: 120_000 } },
    ],
  },
});
