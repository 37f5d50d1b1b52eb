import type { SnapshotComparison } from './compare-snapshots.ts';
import { runHelper } from './run-helper.ts';

/**
 * Compares two snapshots of one process in another process, within a memory of its own; see `compareSnapshots`. The two
 * may be redacted.
 * @throws CodedError SNAPSHOT_UNREADABLE, SNAPSHOT_HELPER_ENDED, and others that say what is wrong with a file
 */
export async function compareInHelper(before: string, after: string): Promise<SnapshotComparison> {
  const answer = await runHelper({ task: 'compare', before, after }).answer;
  if (answer.kind !== 'compared') throw new Error(`the helper answered ${answer.kind}`);
  return answer.comparison;
}
