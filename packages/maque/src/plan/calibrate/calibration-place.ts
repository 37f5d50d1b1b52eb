import type { Clock, Milliseconds } from '@maque/kit';
import type { Host } from '@maque/ops/doctor';
import type { Calibration, DetectedService } from '@maque/ops/plan';
import type { LoadResult } from './send-load.ts';

/** A keeper that answers. */
export interface CountingKeeper {
  /** Its own process and its workers. */
  readonly pids: readonly number[];
  readonly metrics: () => Promise<string>;
}

/** What is measured, and by what. */
export interface CalibrationPlace {
  readonly host: Host;
  readonly clock: Clock;
  /** What runs on this machine. */
  readonly detected: readonly DetectedService[];
  /** Counts the requests; undefined where none runs. */
  readonly keeper: CountingKeeper | undefined;
  readonly durationMs: Milliseconds;
  /** Where requests are sent to; undefined where those of the users are measured. */
  readonly load: URL | undefined;
}

/** Why CPU time per request is not known: nobody counts, a worker was replaced, too few came, or the load went astray. */
export type CalibrationGap = 'NO_COUNT' | 'REPLACED' | 'TOO_FEW' | 'LOAD_ASTRAY' | 'LOAD_FAILED';

/** What came of it, in numbers. */
export interface Measurement {
  readonly calibration: Calibration;
  readonly seconds: number;
  /** Undefined where nobody counted them, or a worker was replaced meanwhile. */
  readonly requests: number | undefined;
  readonly load: LoadResult | undefined;
  readonly gap: CalibrationGap | undefined;
}
