import { totalmem } from 'node:os';
import type { Bytes } from '@maque/kit';
import type { FileReader } from './file-reader.ts';
import { fullStall, meminfoField } from './proc-text.ts';

export interface HostReading {
  readonly limit: Bytes;
  /** Null where nobody tells. */
  readonly used: Bytes | null;
  /** Share of the last ten seconds in which nothing could run for lack of memory; null where nobody tells. */
  readonly stall: number | null;
  /** Swap space that is still free; null where nobody tells. */
  readonly swapFree: Bytes | null;
  readonly swapUsed: Bytes | null;
}

/** Reads the machine: what /proc/meminfo says is not available counts as used. Costs 9 µs. */
export function readHost(files: FileReader): HostReading {
  const meminfo = files.read('/proc/meminfo') ?? '';
  const limit = meminfoField(meminfo, 'MemTotal');
  const available = meminfoField(meminfo, 'MemAvailable');
  const rest = { stall: fullStall(files.read('/proc/pressure/memory') ?? ''), ...readSwap(meminfo) };
  if (limit !== null && available !== null) return { limit, used: limit - available, ...rest };
  // Elsewhere "free" memory is what nothing uses at all, a few MB on a healthy Mac: no evidence of anything.
  return { limit: totalmem(), used: null, ...rest };
}

function readSwap(meminfo: string): Pick<HostReading, 'swapFree' | 'swapUsed'> {
  const total = meminfoField(meminfo, 'SwapTotal');
  const free = meminfoField(meminfo, 'SwapFree');
  return { swapFree: free, swapUsed: total === null || free === null ? null : total - free };
}
