import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './scripts/long-files-first.ts';

/** They assert how much or how fast, or look at the whole machine: nothing else runs beside one of them. */
const FIGURES = [
  'bytes-in-flight',
  'doctor',
  'keeper-weight',
  'keeping-workers',
  'oom-weight',
  'plan',
  'prometheus',
  'rendered-stack',
  'small-cgroup',
  'steering',
  'worker-weight',
].map((name) => `tests/${name}.test.ts`);

export default defineConfig({
  test: {
    // Real processes and sockets on two cores. Most files wait for a process or a clock more than they compute: of the
    // longest twenty, 340 s, 150 s were CPU time. So three share the cores, with time enough on a busy machine.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Machines that others load too: what fails once is tried again, and told as tried again. A fault fails twice.
    retry: 1,
    setupFiles: ['packages/testkit/src/property-seed.ts'],
    sequence: { sequencer: LongFilesFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'examples/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: ['**/dist/**', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...FIGURES],
        },
      },
      // Without parallelism it runs last. `--project 'e2e*'` names both.
      { extends: true, test: { name: 'e2e-alone', include: FIGURES, fileParallelism: false } },
    ],
  },
});
