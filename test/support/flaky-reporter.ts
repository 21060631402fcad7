import type { Reporter, TestModule } from 'vitest/node';

/** Names the tests that passed only when they were tried again (`--retry`): each is a fault, of the test or of the server. */
export default class FlakyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      for (const test of module.children.allTests('passed')) {
        if (test.diagnostic()?.flaky !== true) continue;
        const cause = test.result().errors?.[0]?.message;
        console.log(`FLAKY: ${module.relativeModuleId} > ${test.fullName}: ${cause}`);
      }
    }
  }
}
