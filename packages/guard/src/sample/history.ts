import { type Bytes, DAY, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import { HISTORY_COLUMNS, type HistoryColumn, type HistoryPoint } from './history-columns.ts';
import { Series } from './series.ts';

// 26 columns × 8 bytes × (1,800 + 1,440 rows) = 700 KiB when a day has passed, and it stays at that.
const RANGES = {
  /** The last 15 minutes at the sampler's fastest pace, longer at a slower one. */
  fine: { stepMs: SECOND / 2, rows: (15 * MINUTE) / (SECOND / 2) },
  /** The last 24 hours by the minute. */
  coarse: { stepMs: MINUTE, rows: DAY / MINUTE },
} as const;

export type HistoryRange = keyof typeof RANGES;

/** The past of one process, at two resolutions, in a memory that never grows. */
export class History {
  readonly #series: Record<HistoryRange, Series<HistoryColumn>> = {
    fine: new Series({ columns: HISTORY_COLUMNS, ...RANGES.fine }),
    coarse: new Series({ columns: HISTORY_COLUMNS, ...RANGES.coarse }),
  };

  get byteLength(): Bytes {
    return this.#series.fine.byteLength + this.#series.coarse.byteLength;
  }

  add(uptimeMs: Milliseconds, point: HistoryPoint): void {
    this.#series.fine.add(uptimeMs, point);
    this.#series.coarse.add(uptimeMs, point);
  }

  /** @param sinceUptimeMs on the scale of `MemorySample.uptimeMs`. */
  read(range: HistoryRange, sinceUptimeMs: Milliseconds): HistoryPoint[] {
    return this.#series[range].read(sinceUptimeMs);
  }
}
