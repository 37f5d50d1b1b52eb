import { getHeapStatistics } from 'node:v8';
import { KiB, MINUTE, MiB, systemClock } from '@maque/kit';
import { afterEach, expect, it, vi } from 'vitest';
import { Collector } from '../collect-garbage.ts';
import { OwnHeap } from '../own-heap.ts';
import { scheduleUnreferenced } from '../sample/schedule.ts';
import { Investigation, type ReadLimits } from './investigation.ts';
import { ShortTurns } from './short-turns.ts';

const collector = new Collector();
const live = () => getHeapStatistics().used_heap_size;

let investigation: Investigation | null = null;
afterEach(() => investigation?.stop());

function begin(interval: number): Investigation {
  collector.major();
  investigation = new Investigation({
    clock: systemClock,
    schedule: scheduleUnreferenced,
    interval,
    live: live(),
    own: new OwnHeap(systemClock),
    longestMs: 3 * MINUTE,
  });
  return investigation;
}

function limits(changes: Partial<ReadLimits> = {}): ReadLimits {
  return {
    maxPauseMs: 10_000,
    live: live(),
    collectedAtMs: null,
    collect: () => collector.major(),
    idle: AbortSignal.abort(),
    signal: new AbortController().signal,
    ...changes,
  };
}

class Ticket {
  readonly seats = new Array(20).fill(0);
}

function leak(kept: Ticket[], bytes: number): void {
  const until = live() + bytes;
  while (live() < until) kept.push(new Ticket());
}

it('samples further apart when more is kept than can be read in time, and names the place all the same', async () => {
  const watching = begin(KiB);
  const kept: Ticket[] = [];
  leak(kept, 60 * MiB);
  expect(watching.profiledFromMs).toBe(watching.startedAtMs);
  await vi.waitFor(() => {
    collector.major();
    expect(watching.profiledFromMs).toBeGreaterThan(watching.startedAtMs);
  }, 10_000);
  leak(kept, 60 * MiB);
  // What was made in the last moments may be in use.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const turns = new ShortTurns(systemClock);
  const findings = await watching.findings(limits(), turns);
  expect(findings.interval).toBeGreaterThan(KiB);
  expect(findings.profiledFromMs).toBe(watching.profiledFromMs);
  expect(findings.survivors.length).toBeLessThanOrEqual(8_000);
  const here = findings.survivors.filter(({ stack }) =>
    stack.some(({ url }) => url.endsWith('investigation.test.ts')),
  );
  expect(here.length).toBeGreaterThan(findings.survivors.length / 2);
  expect(kept.length).toBeGreaterThan(1_000);
}, 60_000);

it('reads what it has kept, though the collection that it waited for would have started it anew', async () => {
  const watching = begin(KiB);
  const kept: Ticket[] = [];
  leak(kept, 60 * MiB);
  const waiting = watching.findings(
    limits({ idle: new AbortController().signal }),
    new ShortTurns(systemClock),
  );
  collector.major();
  const findings = await waiting;
  expect(findings.interval).toBe(KiB);
  expect(findings.profileRead).toBe(true);
  expect(kept.length).toBeGreaterThan(1_000);
}, 60_000);

it('does not read more than can be read in time, and says so', async () => {
  const watching = begin(KiB);
  const kept: Ticket[] = [];
  leak(kept, 200 * MiB);
  const findings = await watching.findings(
    limits({ idle: new AbortController().signal, maxPauseMs: 150, collect: () => null }),
    new ShortTurns(systemClock),
  );
  expect(findings.profileRead).toBe(false);
  expect(findings.refused).toEqual([
    { code: 'pause-too-long', predictedMs: expect.any(Number), allowedMs: 150 },
  ]);
  expect(kept.length).toBeGreaterThan(1_000);
}, 60_000);
