import { type Bytes, type Clock, MINUTE, type Milliseconds } from '@maque/kit';
import { POOLS, type Pool, type PoolVerdict } from '../detect/verdict.ts';
import { compareReleases, expectedLevels, type ReleaseComparison, type VersionRecord } from './baseline.ts';
import { BaselineFile, type BaselinePlace } from './baseline-file.ts';
import type { SuspicionLevel } from './suspicion.ts';

// A pool that has been healthy for this long has shown what it needs; a cache that fills in between is not healthy.
const WELL_FOR_MS: Milliseconds = 10 * MINUTE;
const SAVE_EVERY_MS: Milliseconds = 10 * MINUTE;
// A run that ends sooner, as in a test or a crash at the start, has shown nothing.
const WORTH_SAVING_MS: Milliseconds = MINUTE;
// Evaluations are 30 s apart at most; a longer gap is a process that was asleep or stopped, and shows nothing.
const LONGEST_GAP_MS: Milliseconds = MINUTE;

/** Learns what is usual for the running version of an app, and knows what was for it and others before. */
export class ReleaseMemory {
  readonly #place: BaselinePlace;
  readonly #file: BaselineFile;
  readonly #clock: Clock;
  readonly #records: readonly VersionRecord[];
  readonly #healthyMs: Record<Pool, Milliseconds> = { heap: 0, external: 0, native: 0 };
  #settled: Partial<Record<Pool, Bytes>> = {};
  #leaks: VersionRecord['leaks'] = {};
  #wellMs: Milliseconds = 0;
  #lastMs: Milliseconds | null = null;
  #saveDueMs: Milliseconds = SAVE_EVERY_MS;
  #saved: Promise<void> = Promise.resolve();

  constructor(place: BaselinePlace, clock: Clock, warn: (reason: string) => void) {
    this.#place = place;
    this.#clock = clock;
    this.#file = new BaselineFile(place.file, warn);
    this.#records = this.#file.read();
  }

  /** Levels at which this app is well as far as is known. */
  get expectedLevels(): Readonly<Partial<Record<Pool, Bytes>>> {
    return expectedLevels(this.#records, this.#place.version);
  }

  /** What this version does that the one before did not. */
  compare(levels: Readonly<Record<Pool, SuspicionLevel>>): ReleaseComparison {
    const leaking = POOLS.filter((pool) => levels[pool] === 'leaking');
    return compareReleases(this.#records, this.#place.version, leaking);
  }

  /** Takes an evaluation in; saves now and then. */
  evaluated(
    nowMs: Milliseconds,
    verdicts: readonly PoolVerdict[],
    levels: Readonly<Record<Pool, SuspicionLevel>>,
  ): void {
    const passedMs = Math.min(nowMs - (this.#lastMs ?? nowMs), LONGEST_GAP_MS);
    this.#lastMs = nowMs;
    if (POOLS.every((pool) => levels[pool] === 'none')) this.#wellMs += passedMs;
    for (const { pool, verdict, level } of verdicts) {
      const isWell = verdict === 'healthy' && levels[pool] === 'none';
      this.#healthyMs[pool] = isWell ? this.#healthyMs[pool] + passedMs : 0;
      if (this.#healthyMs[pool] < WELL_FOR_MS) continue;
      this.#settled = { ...this.#settled, [pool]: Math.max(this.#settled[pool] ?? 0, Math.round(level)) };
    }
    if (nowMs >= this.#saveDueMs) void this.save(nowMs);
  }

  /** A pool was found leaking: that is saved at once, since the process may not live long. */
  foundLeaking({ pool, bytesPerSecond }: PoolVerdict, nowMs: Milliseconds): void {
    this.#leaks = { ...this.#leaks, [pool]: { bytesPerSecond: Math.max(0, Math.round(bytesPerSecond)) } };
    void this.save(nowMs);
  }

  /** Writes what was learnt since the last time, if it is anything. Settles when that is done, or cannot be. */
  save(nowMs: Milliseconds): Promise<void> {
    this.#saveDueMs = nowMs + SAVE_EVERY_MS;
    if (this.#wellMs < WORTH_SAVING_MS && Object.keys(this.#leaks).length === 0) return this.#saved;
    const learnt: VersionRecord = {
      version: this.#place.version,
      seenAtMs: this.#clock.now(),
      wellMs: this.#wellMs,
      settled: this.#settled,
      leaks: this.#leaks,
    };
    this.#wellMs = 0;
    this.#saved = this.#file.save(learnt);
    return this.#saved;
  }
}
