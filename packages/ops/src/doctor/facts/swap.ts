import { type Bytes, KiB } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';

export interface SwapSpace {
  readonly path: string;
  readonly totalBytes: Bytes;
  readonly usedBytes: Bytes;
  /** Compressed memory instead of a disk. */
  readonly isZram: boolean;
}

/** `/proc/swaps`, in which sizes are KiB. Empty where there is no swap. */
export async function readSwaps(host: Host): Promise<Reading<readonly SwapSpace[]>> {
  const text = await host.read('/proc/swaps');
  if (text.kind !== 'value') return text;
  const lines = text.value.split('\n').map((line) => line.trim().split(/\s+/));
  const spaces = lines
    .filter(([path = '', , size]) => path.startsWith('/') && size !== undefined)
    .map(([path = '', , size, used]) => ({
      path,
      totalBytes: Number(size) * KiB,
      usedBytes: Number(used) * KiB,
      isZram: /^\/dev\/zram/.test(path),
    }));
  return { kind: 'value', value: spaces };
}
