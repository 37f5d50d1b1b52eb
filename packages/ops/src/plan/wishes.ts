import type { Bytes } from '@maque/kit';

/** What the user asks of the plan. */
export interface PlanWishes {
  /** The budget of the whole process tree; by default what there is, at most 2 GiB. */
  readonly memoryBytes?: Bytes | undefined;
  /** How many workers; by default as many as cores and memory suggest. */
  readonly workers?: number | undefined;
  /** `--max-old-space-size` of each worker in MiB, where it is not the plan's to choose. */
  readonly oldSpaceMb?: number | undefined;
  /** The workers are servers of ours, with these settings; otherwise they run a program that we know nothing of. */
  readonly server?: ServerWishes | undefined;
  /** The WeChat simulator runs inside the keeper's process. */
  readonly simulator?: boolean | undefined;
}

/** Settings of each server. What is told here is taken as it is and counted; what is not is planned. */
export interface ServerWishes {
  /** The largest body that one request may carry; a few of them must fit at once. */
  readonly bodyLimitBytes: Bytes;
  /** For the bodies of all requests in flight together, as they come in. */
  readonly bodyMemoryBytes?: Bytes | undefined;
  readonly cacheBytes?: Bytes | undefined;
  readonly sqliteCacheBytes?: Bytes | undefined;
  readonly maxConcurrent?: number | undefined;
  readonly maxConnections?: number | undefined;
}

// A worker on a box this project is for takes 100 MiB at the very least: 64 of them are a slip of the pen.
export const MOST_WORKERS = 64;

/** @throws RangeError naming the wish that is not a possible one. */
export function checkWishes(wishes: PlanWishes): void {
  const { workers, memoryBytes, oldSpaceMb, server } = wishes;
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS)) {
    throw new RangeError(`workers must be a whole number from 1 to ${MOST_WORKERS}, not ${workers}`);
  }
  for (const [name, amount] of Object.entries({ memoryBytes, oldSpaceMb, ...server })) {
    // A cache may be off; nothing else makes sense at zero.
    const least = name === 'cacheBytes' ? 0 : 1;
    if (amount !== undefined && !(Number.isSafeInteger(amount) && amount >= least)) {
      throw new RangeError(`${name} must be a whole number from ${least}, not ${amount}`);
    }
  }
}
