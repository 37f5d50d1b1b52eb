import { type Bytes, MiB } from '@maque/kit';
import { inMiB } from '../in-mebibytes.ts';

const RESERVED_PERCENT = 15;
// The walls of all services together are 5 % above their budgets, and must stay within the box; half again for small ones,
// whose walls are 16 MiB at the least.
const LEAST_PERCENT = 7.5;

/**
 * What of a box is never given away: page cache and bursts. What services keep back for the same within their own budgets
 * counts: it is as free as the rest. In bytes, so that more memory never means less to give.
 * @param keptInside what services keep back themselves, at their least.
 */
export function boxReserve(memoryBytes: Bytes, keptInside: Bytes): Bytes {
  return Math.max(part(memoryBytes, RESERVED_PERCENT) - keptInside, part(memoryBytes, LEAST_PERCENT));
}

/** How {@link boxReserve} came about, in MiB. */
export function boxReserveFormula(memoryBytes: Bytes, keptInside: Bytes): string {
  if (keptInside === 0) return `${RESERVED_PERCENT} %`;
  const isLeast = boxReserve(memoryBytes, keptInside) === part(memoryBytes, LEAST_PERCENT);
  return isLeast ? `${LEAST_PERCENT} %` : `${RESERVED_PERCENT} % - ${inMiB(keptInside)}`;
}

function part(memoryBytes: Bytes, percent: number): Bytes {
  return Math.ceil((memoryBytes * percent) / 100);
}

/** The smallest box in whole MiB that has `bytes` left beside its reserve. */
export function boxFor(bytes: Bytes, keptInside: Bytes): Bytes {
  // Whichever reserve is the larger one, the box has to have room for both: the next MiB or the one after is it.
  const beside = Math.max(
    (bytes - keptInside) / (1 - RESERVED_PERCENT / 100),
    bytes / (1 - LEAST_PERCENT / 100),
  );
  let memoryBytes = Math.floor(beside / MiB) * MiB;
  while (memoryBytes - boxReserve(memoryBytes, keptInside) < bytes) memoryBytes += MiB;
  return memoryBytes;
}
