import { KiB } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';

/** `/proc/meminfo`: names such as `MemAvailable`, in bytes. */
export async function readMemoryInfo(host: Host): Promise<Reading<ReadonlyMap<string, number>>> {
  const text = await host.read('/proc/meminfo');
  if (text.kind !== 'value') return text;
  const values = new Map<string, number>();
  for (const [, name = '', amount, unit] of text.value.matchAll(/^(\S+):\s+(\d+)( kB)?$/gm)) {
    values.set(name, Number(amount) * (unit === undefined ? 1 : KiB));
  }
  if (!values.has('MemTotal')) return { kind: 'unreadable', reason: '/proc/meminfo has no MemTotal' };
  return { kind: 'value', value: values };
}
