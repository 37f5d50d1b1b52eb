import { Collector } from '@maque/guard';
import { type Bytes, MiB } from '@maque/kit';

/**
 * Buffers of what has passed are garbage at once, but V8 lets tens of MiB of them lie before it looks: 2 GiB up took 46 MiB
 * over what there was, with this 6, at no loss of speed that could be measured.
 */
const LOOK_AFTER: Bytes = 4 * MiB;

const collector = new Collector();
// Of the whole process, as its memory is.
let sinceLook: Bytes = 0;

/** To be told of bytes that pass through this process on their way: what they leave behind is collected now and then. */
export function countPassing(bytes: Bytes): void {
  sinceLook += bytes;
  if (sinceLook < LOOK_AFTER) return;
  sinceLook = 0;
  collector.minor();
}
