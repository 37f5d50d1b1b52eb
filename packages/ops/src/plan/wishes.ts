import type { Bytes } from '@maque/kit';

/** What the user asks of the plan. */
export interface PlanWishes {
  /** The budget of the whole process tree; by default what there is, at most 2 GiB. */
  readonly memoryBytes?: Bytes | undefined;
  /** How many workers; by default as many as cores and memory suggest. */
  readonly workers?: number | undefined;
  /** The workers are servers of ours, with these settings; otherwise they run a program that we know nothing of. */
  readonly server?: ServerWishes | undefined;
  /** The WeChat simulator runs inside the keeper's process. */
  readonly simulator?: boolean | undefined;
}

export interface ServerWishes {
  /** The largest body that one request may carry; bounds what the requests in flight can hold. */
  readonly bodyLimitBytes: Bytes;
}

// A worker on a box this project is for takes 100 MiB at the very least: 64 of them are a slip of the pen.
export const MOST_WORKERS = 64;

/** @throws RangeError naming the wish that is not a possible one. */
export function checkWishes(wishes: PlanWishes): void {
  const { workers, memoryBytes, server } = wishes;
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS)) {
    throw new RangeError(`workers must be a whole number from 1 to ${MOST_WORKERS}, not ${workers}`);
  }
  for (const [name, bytes] of Object.entries({ memoryBytes, bodyLimitBytes: server?.bodyLimitBytes })) {
    if (bytes !== undefined && !(Number.isSafeInteger(bytes) && bytes > 0)) {
      throw new RangeError(`${name} must be a positive whole number of bytes, not ${bytes}`);
    }
  }
}
