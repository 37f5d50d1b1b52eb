import type { Host, Reading } from '../host/host.ts';

/** `/proc/vmstat`: counters since the boot, such as `oom_kill` (since Linux 4.13) and `pswpin`. Never asked once for all. */
export async function readVirtualMemoryCounters(host: Host): Promise<Reading<ReadonlyMap<string, number>>> {
  const text = await host.read('/proc/vmstat');
  if (text.kind !== 'value') return text;
  const pairs = [...text.value.matchAll(/^(\w+) (\d+)$/gm)];
  return {
    kind: 'value',
    value: new Map(pairs.map(([, name = '', amount]) => [name, Number(amount)] as const)),
  };
}
