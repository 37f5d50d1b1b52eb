import { defineConfig } from 'vitest/config';

// Only for `npm run docs`: runs the tests of the checks, and keeps what they find.
export default defineConfig({
  test: {
    include: ['packages/ops/src/doctor/checks/**/*.test.ts'],
    setupFiles: ['packages/ops/testing/collect-findings.ts'],
    maxWorkers: 2,
    passWithNoTests: true,
    reporters: ['dot'],
  },
});
