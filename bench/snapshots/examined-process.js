// A process whose heap grows under watch and that then examines itself, in JavaScript: to strip types takes memory of
// its own.
//   node examined-process.js <kind> <MiB> <folder> <never | when-it-fits>
import { readFileSync, writeFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { collectGarbage, watch } from '@maque/guard';
import { MiB } from '@maque/kit';
import { createAutopsy } from '../../packages/keeper/dist/autopsy/create-autopsy.js';
import { fillHeap } from './heap-kinds.js';

// Growth comes in about so many steps, as that of a leak does.
const STEPS = 100;

const [kind, mebibytes, folder, snapshot] = process.argv.slice(2);
const guard = watch();
const autopsy = createAutopsy(guard, { folder, language: 'en', snapshot });
guard.explain().catch(() => {});
const kept = [];
const bytes = Number(mebibytes) * MiB;
// Some of what a step adds is garbage: what lives is what is left of it.
while (process.memoryUsage().heapUsed < bytes) {
  for (let step = 0; step < STEPS / 5; step += 1) {
    kept.push(fillHeap(kind, bytes / STEPS));
    await nextTurn();
  }
  collectGarbage();
}
// From here on the highest is that of the autopsy.
writeFileSync('/proc/self/clear_refs', '5');
const before = process.memoryUsage.rss();
const live = process.memoryUsage().heapUsed;
const startedAt = performance.now();
const summary = await autopsy();
const tookMs = performance.now() - startedAt;
const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
console.log(JSON.stringify({ live, tookMs, onTop: Math.max(0, peak - before), summary, kept: kept.length }));
process.exit();
