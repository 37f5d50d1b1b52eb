import { type Bytes, KiB } from '@maque/kit';
import type { CalibrationPlace } from './calibration-place.ts';
import { readUsage } from './process-usage.ts';

/** What is in use and belongs to none of the services; undefined where it cannot be read. */
export async function systemMemory({
  host,
  detected,
}: Pick<CalibrationPlace, 'host' | 'detected'>): Promise<Bytes | undefined> {
  const info = await host.read('/proc/meminfo');
  if (info.kind !== 'value') return undefined;
  const pids = detected.flatMap((service) => service.pids);
  const { pssBytes } = await readUsage(host, pids);
  const bytesOf = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(info.value)?.[1]) * KiB;
  const used = bytesOf('MemTotal') - bytesOf('MemAvailable');
  return Number.isNaN(used) || pssBytes === null ? undefined : Math.max(0, used - pssBytes);
}
