import type { ProcessStatus } from '@maque/contract';

/** One number a column of each sample; NaN where the process does not tell it. */
export const columnNames = ['at', 'memory', 'heapUsed', 'heapFloor', 'requestsPerSecond'] as const;
export type ColumnName = (typeof columnNames)[number];
export type Sample = Readonly<Record<ColumnName, number>>;

/** Restarts marked in one chart; a process that restarts more often than this in 15 minutes is told by its count. */
const maxRestarts = 16;

/**
 * The last `capacity` samples of one process, or of all together, in typed arrays.
 * Every value is written twice, `capacity` apart, so that the whole window is always one contiguous view.
 */
export class ProcessHistory {
  readonly #capacity: number;
  readonly #columns: Readonly<Record<ColumnName, Float64Array>>;
  readonly #restarts: number[] = [];
  #next = 0;
  #length = 0;
  #pid: number | undefined;

  /** @throws RangeError when `capacity` is not a positive integer. */
  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`capacity must be a positive integer, not ${capacity}`);
    }
    this.#capacity = capacity;
    const column = () => new Float64Array(2 * capacity);
    this.#columns = {
      at: column(),
      memory: column(),
      heapUsed: column(),
      heapFloor: column(),
      requestsPerSecond: column(),
    };
  }

  get length(): number {
    return this.#length;
  }

  /** Seconds since the epoch at which the process was replaced by another, oldest first. */
  get restarts(): readonly number[] {
    return this.#restarts;
  }

  /** @param at seconds since the epoch, later than the sample before. */
  record(at: number, process: ProcessStatus): void {
    if (this.#pid !== undefined && this.#pid !== process.pid) {
      this.#restarts.push(at);
      if (this.#restarts.length > maxRestarts) this.#restarts.shift();
    }
    this.#pid = process.pid;
    this.push({
      at,
      memory: memoryOf(process),
      heapUsed: process.heapUsed ?? Number.NaN,
      heapFloor: process.heapFloor ?? Number.NaN,
      requestsPerSecond: process.requestsPerSecond ?? Number.NaN,
    });
  }

  push(sample: Sample): void {
    for (const name of columnNames) {
      this.#columns[name][this.#next] = sample[name];
      this.#columns[name][this.#next + this.#capacity] = sample[name];
    }
    this.#next = (this.#next + 1) % this.#capacity;
    if (this.#length < this.#capacity) this.#length += 1;
  }

  /** One column, oldest first: a view that the next sample changes, not a copy. */
  column(name: ColumnName): Float64Array {
    const start = this.#length < this.#capacity ? 0 : this.#next;
    return this.#columns[name].subarray(start, start + this.#length);
  }
}

/** The process's share of memory, or what is resident where the kernel does not tell shares. */
export function memoryOf(process: ProcessStatus): number {
  return process.pss ?? process.rss;
}
