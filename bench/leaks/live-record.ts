import type { Confirmation, PoolVerdict, SuspicionNews } from '@maque/guard';
import { type Milliseconds, SECOND } from '@maque/kit';
import type { LiveCase } from './live-cases.ts';
import type { Told } from './live-teller.ts';

/** What came of one worker. Times count from when its leak began. */
export interface WorkerResult {
  /** The first word of the right pool, after hysteresis; null when there was none. */
  readonly signalAfterMs: Milliseconds | null;
  /** Relative error of the rate when the time for the signal was up, against two full collections. */
  readonly rateError: number | null;
  /** Words of a wrong pool, or where nothing leaks, or before it did. */
  readonly falseAlarms: readonly SuspicionNews[];
  readonly forcedCollections: number;
  /** The guard's own time as a share of one core. */
  readonly ownShare: number;
}

interface Judged {
  readonly atMs: Milliseconds;
  readonly near: readonly PoolVerdict[];
}

/** Collects what one worker tells. */
export class LiveRecord {
  readonly #case: LiveCase;
  readonly #news: { readonly atMs: Milliseconds; readonly news: SuspicionNews }[] = [];
  readonly #judged: Judged[] = [];
  #onsetMs: Milliseconds | null = null;
  #truth: Confirmation['since'] = null;
  #isConfirmed = false;
  #forced = 0;
  #ownShare = 0;

  constructor(liveCase: LiveCase) {
    this.#case = liveCase;
  }

  add(told: Told): void {
    if (told.kind === 'onset') this.#onsetMs = told.atMs;
    if (told.kind === 'news') this.#news.push(told);
    if (told.kind === 'confirmation') {
      this.#isConfirmed = true;
      this.#truth = told.confirmation.since ?? this.#truth;
    }
    // What is confirmed is asked for by this benchmark, and not what the guard does by itself.
    if (told.kind !== 'state' || this.#isConfirmed) return;
    const { leaks, cost } = told.state;
    this.#judged.push({ atMs: told.atMs, near: leaks.near });
    this.#forced = leaks.forcedCollections;
    this.#ownShare = cost.totalMs / told.atMs;
  }

  result(): WorkerResult {
    const { pool } = this.#case;
    const onsetMs = this.#onsetMs ?? Number.POSITIVE_INFINITY;
    const words = this.#news.filter(({ news }) => news.level !== 'recovered');
    const isTrue = ({ atMs, news }: (typeof words)[number]): boolean => news.pool === pool && atMs >= onsetMs;
    const first = words.find(isTrue);
    return {
      signalAfterMs: first === undefined ? null : first.atMs - onsetMs,
      rateError: this.#rateError(onsetMs),
      falseAlarms: words.filter((word) => !isTrue(word)).map(({ news }) => news),
      forcedCollections: this.#forced,
      ownShare: this.#ownShare,
    };
  }

  #rateError(onsetMs: Milliseconds): number | null {
    const { pool, signalWithinMs } = this.#case;
    if (pool === null || signalWithinMs === null) return null;
    const truth = this.#truth?.growth[pool]?.bytesPerSecond;
    const last = this.#judged.findLast(({ atMs }) => atMs <= onsetMs + signalWithinMs);
    const told = last?.near.find((verdict) => verdict.pool === pool)?.bytesPerSecond;
    return truth === undefined || told === undefined ? null : told / truth - 1;
  }
}

export function seconds(ms: Milliseconds | null): string {
  return ms === null ? 'none' : `${(ms / SECOND).toFixed(0)} s`;
}
