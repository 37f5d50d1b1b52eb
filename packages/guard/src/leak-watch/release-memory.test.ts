import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
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

/** A run of so long, with evaluations every 30 s, and its end. */
async function live(
  memory: ReleaseMemory,
  lengthMs: Milliseconds,
  verdict: Verdict,
  mebibytes: number,
): Promise<void> {
  for (let nowMs = 0; nowMs <= lengthMs; nowMs += 30 * SECOND) {
    memory.evaluated(nowMs, heapIs(verdict, mebibytes), WELL);
  }
  await memory.save(lengthMs);
}

it('says that this release leaks and the last did not', async () => {
  await live(remember('1.0'), 40 * MINUTE, 'healthy', 40);
  const next = remember('1.1');
  next.foundLeaking(heapIs('leaking', 90)[0] as PoolVerdict, 0);
  const leaking = { ...WELL, heap: 'leaking' } as const;
  expect(next.compare(WELL)).toEqual({ version: '1.1', previous: '1.0', newLeaks: [] });
  expect(next.compare(leaking)).toEqual({ version: '1.1', previous: '1.0', newLeaks: ['heap'] });
  await next.save(0);
  expect(remember('1.2').compare(leaking)).toEqual({ version: '1.2', previous: '1.1', newLeaks: [] });
});

it('takes for usual what was healthy for ten minutes, and nothing else', async () => {
  await live(remember('1'), 30 * MINUTE, 'healthy', 40);
  await live(remember('2'), 30 * MINUTE, 'growing', 90);
  await live(remember('3'), 5 * MINUTE, 'healthy', 90);
  expect(remember('4').expectedLevels).toEqual({ heap: 41 * MiB });
});

it('does not count the time in which nobody looked', async () => {
  const memory = remember('1');
  memory.evaluated(0, heapIs('healthy', 40), WELL);
  memory.evaluated(60 * MINUTE, heapIs('healthy', 40), WELL);
  await memory.save(60 * MINUTE);
  expect(JSON.parse(readFileSync(file, 'utf8')).versions[0]).toMatchObject({ wellMs: MINUTE, settled: {} });
});

it('does not touch the file for a run that has shown nothing', async () => {
  const memory = remember('1');
  memory.evaluated(0, heapIs('healthy', 40), WELL);
  memory.evaluated(30 * SECOND, heapIs('healthy', 40), WELL);
  await memory.save(30 * SECOND);
  expect(existsSync(file)).toBe(false);
});
