// A process with a heap of one kind, in JavaScript: to strip types takes memory of its own.
//   node filled-process.js                        the kinds there are
//   node filled-process.js <kind> <MiB> <folder>  a snapshot by the guard: what was predicted and what came
//   node filled-process.js <kind> <MiB> <folder> pair   two raw snapshots, of a tenth of the heap and of all of it
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import { SnapshotTaker } from '@maque/guard/snapshot';
import { MiB, systemClock } from '@maque/kit';
import { fillHeap, HEAP_KINDS } from './heap-kinds.js';

const [kind, mebibytes, folder, task] = process.argv.slice(2);
const bytes = Number(mebibytes) * MiB;
const kept = [];

if (kind === undefined) {
  console.log(JSON.stringify(HEAP_KINDS));
} else if (task === 'pair') {
  kept.push(fillHeap(kind, bytes / 10));
  const before = writeHeapSnapshot(join(folder, 'before.heapsnapshot'));
  kept.push(fillHeap(kind, (9 * bytes) / 10));
  console.log(JSON.stringify([before, writeHeapSnapshot(join(folder, 'after.heapsnapshot'))]));
} else {
  kept.push(fillHeap(kind, bytes));
  const taker = new SnapshotTaker({ clock: systemClock, availableMemory: () => null });
  const result = await taker.take({ folder, maxBlockedMs: 120_000, keepDiskFree: 0, maxTotalBytes: 2 ** 31 });
  console.log(JSON.stringify(result));
}
setImmediate(() => kept);
