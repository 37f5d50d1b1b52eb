import type { Bytes, Milliseconds } from '@maque/kit';
import type { Fold } from './history-columns.ts';

export interface SeriesOptions<Column extends string> {
  readonly columns: Readonly<Record<Column, Fold>>;
  /** Points within one step of time become one row. */
  readonly stepMs: Milliseconds;
  /** Rows kept; then the oldest goes. */
  readonly rows: number;
}

/**
 * The last rows of several measurements over time, in one array of doubles that never grows: 8 bytes a value. The kernel
 * gives it memory only as rows are written. A measurement that is missing is NaN inside and null outside.
 */
export class Series<Column extends string> {
  readonly #columns: readonly Column[];
  readonly #folds: readonly Fold[];
  readonly #stepMs: Milliseconds;
  readonly #rows: number;
  readonly #values: Float64Array;
  readonly #times: Float64Array;
  /** How many points each column of the newest row has seen: what its mean divides by. */
  readonly #counts: Uint32Array;
  #length = 0;
  #newest = -1;
  #step = Number.NaN;

  /** @throws RangeError when `rows` is not a positive integer or `stepMs` not a positive number. */
  constructor(options: SeriesOptions<Column>) {
    const { columns, stepMs, rows } = options;
    if (!Number.isSafeInteger(rows) || rows < 1) {
      throw new RangeError(`rows must be a positive integer, not ${rows}`);
    }
    if (!(stepMs > 0)) throw new RangeError(`stepMs must be positive, not ${stepMs}`);
    this.#columns = Object.keys(columns) as Column[];
    this.#folds = this.#columns.map((column) => columns[column]);
    this.#stepMs = stepMs;
    this.#rows = rows;
    this.#values = new Float64Array(rows * this.#columns.length);
    this.#times = new Float64Array(rows);
    this.#counts = new Uint32Array(this.#columns.length);
  }

  get byteLength(): Bytes {
    return this.#values.byteLength + this.#times.byteLength + this.#counts.byteLength;
  }

  /** Adds one point at a time that does not go back; a time that is no number is left out. */
  add(timeMs: Milliseconds, point: Readonly<Record<Column, number | null>>): void {
    const step = Math.floor(timeMs / this.#stepMs);
    if (!Number.isFinite(step)) return;
    if (step !== this.#step) this.#beginRow(step);
    this.#times[this.#newest] = timeMs;
    const start = this.#newest * this.#columns.length;
    for (let index = 0; index < this.#columns.length; index += 1) {
      const value = point[this.#columns[index] as Column];
      if (value !== null && Number.isFinite(value)) this.#fold(start, index, value);
    }
  }

  /** The rows from `sinceMs` on, oldest first. */
  read(sinceMs: Milliseconds): Record<Column, number | null>[] {
    const found: Record<Column, number | null>[] = [];
    for (let age = this.#length - 1; age >= 0; age -= 1) {
      const row = (this.#newest - age + this.#rows) % this.#rows;
      if ((this.#times[row] ?? 0) >= sinceMs) found.push(this.#rowAt(row));
    }
    return found;
  }

  #beginRow(step: number): void {
    this.#step = step;
    this.#newest = (this.#newest + 1) % this.#rows;
    this.#length = Math.min(this.#length + 1, this.#rows);
    this.#counts.fill(0);
    const start = this.#newest * this.#columns.length;
    this.#values.fill(Number.NaN, start, start + this.#columns.length);
  }

  #fold(start: number, index: number, value: number): void {
    const count = (this.#counts[index] ?? 0) + 1;
    this.#counts[index] = count;
    const before = this.#values[start + index] ?? value;
    this.#values[start + index] =
      count === 1 ? value : FOLDS[this.#folds[index] ?? 'last'](before, value, count);
  }

  #rowAt(row: number): Record<Column, number | null> {
    const start = row * this.#columns.length;
    const point = {} as Record<Column, number | null>;
    this.#columns.forEach((column, index) => {
      const value = this.#values[start + index];
      point[column] = value === undefined || Number.isNaN(value) ? null : value;
    });
    return point;
  }
}

const FOLDS: Record<Fold, (before: number, value: number, count: number) => number> = {
  last: (_before, value) => value,
  mean: (before, value, count) => before + (value - before) / count,
  min: (before, value) => Math.min(before, value),
  max: (before, value) => Math.max(before, value),
};
