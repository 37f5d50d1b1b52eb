import { type Bytes, MiB } from '@maque/kit';

const RESERVED_PERCENT = 15;

/** What of a box is never given away: page cache and bursts. In bytes, so that more memory never means less to give. */
export function boxReserve(memoryBytes: Bytes): Bytes {
  return Math.ceil((memoryBytes * RESERVED_PERCENT) / 100);
}

/** The smallest box in whole MiB that has `bytes` left beside its reserve. */
export function boxFor(bytes: Bytes): Bytes {
  let memoryBytes = Math.floor(bytes / (1 - RESERVED_PERCENT / 100) / MiB) * MiB;
  while (memoryBytes - boxReserve(memoryBytes) < bytes) memoryBytes += MiB;
  return memoryBytes;
}
