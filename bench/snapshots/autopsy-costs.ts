// node bench/snapshots/autopsy-costs.ts: how long a worker examines itself by the size of its heap, and what memory that
// takes on top, with and without a heap snapshot. Half a minute and 3 GiB of memory, after npm run build.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MiB } from '@maque/kit';

const run = promisify(execFile);
const EXAMINED = join(import.meta.dirname, 'examined-process.js');
const KINDS = ['json', 'text of 500 B'];
const SIZES = [50, 100, 200];

interface Examined {
  readonly live: number;
  readonly tookMs: number;
  readonly onTop: number;
  readonly summary: { readonly pauseMs: number; readonly snapshotFile: string | null } | null;
}

const folder = await mkdtemp(join(tmpdir(), 'maque-bench-'));
try {
  console.log('| heap | snapshot | took | stood still, without snapshot | memory on top |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const kind of KINDS) {
    for (const size of SIZES) {
      for (const snapshot of ['never', 'when-it-fits']) console.log(await row(kind, size, snapshot));
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function row(kind: string, size: number, snapshot: string): Promise<string> {
  const args = ['--max-old-space-size=1024', EXAMINED, kind, String(size), folder, snapshot];
  const { stdout } = await run(process.execPath, args);
  const { live, tookMs, onTop, summary } = JSON.parse(stdout) as Examined;
  const taken = snapshot === 'never' ? '–' : summary?.snapshotFile === null ? 'did not fit' : 'taken';
  const seconds = (tookMs / 1_000).toFixed(1);
  return `| ${kind}, ${inMiB(live)} | ${taken} | ${seconds} s | ${summary?.pauseMs} ms | ${inMiB(onTop)} |`;
}

function inMiB(bytes: number): string {
  return `${Math.round(bytes / MiB)} MiB`;
}
