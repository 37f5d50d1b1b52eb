// What it costs to redact a large heap snapshot: node bench/snapshots/redact.ts [--size <MiB>]
// Beside it memlab's anonymizer, where `npm ci` was run in tests/snapshot-readers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Bytes, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { textTable } from '../report/text-table.ts';

const { values } = parseArgs({ options: { size: { type: 'string', default: '400' } } });
const size = Number(values.size) * MiB;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const MEMLAB = here('../../tests/snapshot-readers');

/** Bytes of the file for each thing in the heap, as measured: the size is a little off, which matters to nobody. */
const SHAPES: Readonly<Record<string, Bytes>> = { records: 690, strings: 110 };
const PEAK_GOAL: Bytes = 100 * MiB;
const LOOK_EVERY: Milliseconds = 10;

interface Run {
  readonly seconds: number;
  readonly peak: Bytes;
}

/** Runs a command to its end, and reads the most memory that it ever had from the kernel while it runs. */
async function measure(args: readonly string[]): Promise<Run> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peak: Bytes = 0;
  const looking = setInterval(() => {
    peak = peakOf(child.pid) ?? peak;
  }, LOOK_EVERY);
  const [code] = await once(child, 'exit');
  clearInterval(looking);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - startedAt) / SECOND, peak };
}

function peakOf(pid: number | undefined): Bytes | null {
  try {
    const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return kib === undefined ? null : Number(kib) * 1_024;
  } catch {
    return null;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'redact-bench-'));
const rows: string[][] = [['heap', 'file MiB', 'by', 's', 'MiB/s', 'peak RSS MiB']];
let highest: Bytes = 0;
try {
  for (const [shape, each] of Object.entries(SHAPES)) {
    const raw = join(folder, `${shape}.heapsnapshot`);
    await measure([
      '--max-old-space-size=8192',
      here('fill-heap.mjs'),
      shape,
      String(Math.round(size / each)),
      raw,
    ]);
    const file = statSync(raw).size;
    const maque = await measure([
      here('../../packages/maque/bin/maque.js'),
      'guard',
      'redact',
      raw,
      join(folder, 'out'),
    ]);
    report(shape, file, 'maque', maque);
    highest = Math.max(highest, maque.peak);
    if (existsSync(join(MEMLAB, 'node_modules'))) {
      const memlab = await measure([
        '--max-old-space-size=8192',
        join(MEMLAB, 'anonymize.mjs'),
        raw,
        join(folder, 'other'),
      ]);
      report(shape, file, 'memlab', memlab);
    }
    for (const name of [raw, join(folder, 'out'), join(folder, 'other')]) rmSync(name, { force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${textTable(rows)}\n`);
if (highest > PEAK_GOAL) {
  process.stdout.write(`✗ more than the goal of ${PEAK_GOAL / MiB} MiB\n`);
  process.exitCode = 1;
}

function report(shape: string, file: Bytes, by: string, { seconds, peak }: Run): void {
  const mib = file / MiB;
  rows.push([
    shape,
    mib.toFixed(0),
    by,
    seconds.toFixed(1),
    (mib / seconds).toFixed(0),
    (peak / MiB).toFixed(0),
  ]);
}
