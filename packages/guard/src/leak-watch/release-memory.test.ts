import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Pool, PoolVerdict, Verdict } from '../detect/verdict.ts';
import { ReleaseMemory } from './release-memory.ts';
import type { SuspicionLevel } from './suspicion.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maque-baseline-'));
  file = join(folder, 'baseline.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const clock = createManualClock();
const WELL: Record<Pool, SuspicionLevel> = { heap: 'none', external: 'none', native: 'none' };
const heapIs = (verdict: Verdict, mebibytes: number): PoolVerdict[] => [
  { pool: 'heap', verdict, level: mebibytes * MiB, bytesPerSecond: 1_000 } as PoolVerdict,
];

function remember(version: string): ReleaseMemory {
  return new ReleaseMemory({ file, version }, clock, (reason) => {
    throw new Error(reason);
  });
}

/** Evaluations every 30 s for so long. */
function live(memory: ReleaseMemory, lengthMs: Milliseconds, verdict: Verdict, mebibytes: number): void {
  for (let nowMs = 0; nowMs <= lengthMs; nowMs += 30 * SECOND) {
    memory.evaluated(nowMs, heapIs(verdict, mebibytes), WELL);
  }
}

const saved = () => vi.waitFor(() => readFileSync(file, 'utf8'));

it('says that this release leaks and the last did not', async () => {
  live(remember('1.0'), 40 * MINUTE, 'healthy', 40);
  await vi.waitFor(async () => expect(await saved()).toContain('"wellMs": 2400000'));
  const next = remember('1.1');
  next.foundLeaking(heapIs('leaking', 90)[0] as PoolVerdict, 0);
  const leaking = { ...WELL, heap: 'leaking' } as const;
  expect(next.compare(WELL)).toEqual({ version: '1.1', previous: '1.0', newLeaks: [] });
  expect(next.compare(leaking)).toEqual({ version: '1.1', previous: '1.0', newLeaks: ['heap'] });
  await vi.waitFor(async () => expect(await saved()).toContain('"1.1"'));
  expect(remember('1.2').compare(leaking)).toEqual({ version: '1.2', previous: '1.1', newLeaks: [] });
});

it('takes for usual what was healthy for ten minutes, and nothing else', async () => {
  live(remember('1'), 30 * MINUTE, 'healthy', 40);
  await vi.waitFor(async () => expect(await saved()).toContain('"wellMs": 1800000'));
  live(remember('2'), 30 * MINUTE, 'growing', 90);
  await vi.waitFor(async () => expect(await saved()).toContain('"2"'));
  expect(remember('3').expectedLevels).toEqual({ heap: 41 * MiB });
});
