import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Real processes and sockets on two cores: one file at a time per core, and time enough on a busy machine.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Machines that others load too: what fails once is tried again, and told as tried again. A fault fails twice.
    retry: 1,
    setupFiles: ['packages/testkit/src/property-seed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'examples/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: ['**/dist/**', '**/node_modules/**'],
        },
      },
      { extends: true, test: { name: 'e2e', include: ['tests/**/*.test.ts'], fileParallelism: false } },
    ],
  },
});
