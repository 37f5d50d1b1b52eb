export { compareInHelper } from './compare-in-helper.ts';
export type { ClassGrowth, GrowingClass, SnapshotComparison, SnapshotTotals } from './compare-snapshots.ts';
export { comparisonLines, pathText } from './comparison-text.ts';
export type { SnapshotRefusal } from './judge-snapshot.ts';
export type { SnapshotCost } from './predict-snapshot-cost.ts';
export type { Holder, RetainerPath, RetainerStep } from './retainer-paths.ts';
export type { SnapshotOptions } from './snapshot-options.ts';
export {
  type SnapshotRefused,
  type SnapshotResult,
  type SnapshotSurroundings,
  type SnapshotTaken,
  SnapshotTaker,
} from './snapshot-taker.ts';
export { refusalText, snapshotLines } from './snapshot-text.ts';
