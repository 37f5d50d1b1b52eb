import { type Milliseconds, SECOND } from '@maque/kit';
import { createDetector, type Detector } from '../detect/detector.ts';
import type { Pool, Verdict } from '../detect/verdict.ts';
import { traceLines } from './trace-lines.ts';
import { readTraceLine, type TraceEntry, type TraceHeader } from './trace-reader.ts';

export interface ReplayOptions {
  /** How far each evaluation looks ahead; 30 minutes unless told. */
  readonly horizonMs?: Milliseconds;
  /** Time of the recording between two evaluations; 5 s unless told. */
  readonly everyMs?: Milliseconds;
}

/** What the detector would have said at one moment of one pool. */
export interface ReplayVerdict {
  /** Seconds, as in the recording. */
  readonly t: number;
  readonly pool: Pool;
  readonly verdict: Verdict;
  readonly probability: number;
  readonly timeToLimitMs: Milliseconds | null;
}

export interface ReplaySummary {
  readonly samples: number;
  /** Lines that are no sample, hold no usable numbers, or go back in time. */
  readonly skipped: number;
}

// The detector keeps one point for every 4 s: to ask much more often tells nothing new.
const EVERY_MS: Milliseconds = 5 * SECOND;

/**
 * Plays a recording (`.jsonl`, `.jsonl.gz`, or `-` for standard input) to a detector as fast as it can be read, and returns
 * what was in it. A second header begins a new process.
 * @throws RangeError for a horizon or pace that is not positive, and the system's error when the file cannot be read.
 */
export async function* replay(
  path: string,
  options: ReplayOptions = {},
): AsyncGenerator<ReplayVerdict, ReplaySummary> {
  const everyMs = options.everyMs ?? EVERY_MS;
  if (!(everyMs > 0)) throw new RangeError(`everyMs must be positive, not ${everyMs}`);
  const detectorOptions = options.horizonMs === undefined ? {} : { horizonMs: options.horizonMs };
  let detector: Detector = createDetector(detectorOptions);
  let header: TraceHeader | null = null;
  let dueMs = Number.NEGATIVE_INFINITY;
  let samples = 0;
  let skipped = 0;
  for await (const line of traceLines(path)) {
    const entry: TraceEntry | null = line === null ? null : readTraceLine(line, header);
    if (entry?.kind === 'end') continue;
    if (entry?.kind === 'header') {
      header = entry.header;
      detector = createDetector(detectorOptions);
      dueMs = Number.NEGATIVE_INFINITY;
      continue;
    }
    if (entry === null || !detector.push(entry.sample)) {
      skipped += 1;
      continue;
    }
    samples += 1;
    const { atMs } = entry.sample;
    if (atMs < dueMs) continue;
    dueMs = atMs + everyMs;
    yield* verdicts(detector, atMs);
  }
  return { samples, skipped };
}

function* verdicts(detector: Detector, atMs: Milliseconds): Generator<ReplayVerdict> {
  for (const { pool, verdict, probability, timeToLimitMs } of detector.evaluate()) {
    yield {
      t: Math.round(atMs) / SECOND,
      pool,
      verdict,
      probability: Math.round(probability * 1e4) / 1e4,
      timeToLimitMs: timeToLimitMs === null ? null : Math.round(timeToLimitMs),
    };
  }
}
