import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take 15 s and more, longest first: begun last, one of them would run on alone with the other cores idle. */
const LONG = [
  'packages/keeper/src/autopsy/autopsy.test.ts',
  'packages/keeper/src/alerts/alerts.test.ts',
  'packages/keeper/src/keeper.test.ts',
  'packages/ops/src/render/targets/mariadb.test.ts',
  'packages/guard/src/snapshot/compare-in-helper.test.ts',
  'packages/guard/src/explain/explaining.test.ts',
  'packages/server/src/adapters/job-queue/database-job-queue.test.ts',
  'packages/keeper/src/hang/capture-stack.test.ts',
  'packages/console/src/console.test.ts',
  'packages/guard/src/slow-turns/slow-turns.test.ts',
  'packages/ops/src/render/targets/redis.test.ts',
  'packages/ops/src/render/targets/nginx.test.ts',
  'tests/leak-named.test.ts',
  'tests/guide-in-english.test.ts',
  'tests/guide-in-chinese.test.ts',
  'tests/keeper-frameworks.test.ts',
];

/** Vitest's order, which is by size where no run before has left the durations, but for the files known to be long. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONG.findIndex((file) => moduleId.endsWith(file));
  return rank === -1 ? LONG.length : rank;
}
