import { KiB } from '@maque/kit';
import type { Host } from '@maque/ops/doctor';

/** What processes have used so far. */
export interface ProcessUsage {
  /** User and system time together. */
  readonly cpuSeconds: number;
  /** Of all of them, shared pages divided; null where that may not be read. */
  readonly pssBytes: number | null;
  /** Those that are still there. */
  readonly alive: readonly number[];
}

/** `USER_HZ`, the same on every Linux that Node runs on: ticks a second in /proc. */
const TICKS_PER_SECOND = 100;

/** Reads /proc of these processes. */
export async function readUsage(host: Host, pids: readonly number[]): Promise<ProcessUsage> {
  const read = await Promise.all(pids.map((pid) => readProcess(host, pid)));
  const alive = read.filter((one) => one !== undefined);
  const known = alive.flatMap(({ pss }) => (pss === null ? [] : [pss]));
  return {
    cpuSeconds: alive.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND,
    pssBytes: known.length === alive.length ? known.reduce((sum, pss) => sum + pss, 0) : null,
    alive: alive.map(({ pid }) => pid),
  };
}

async function readProcess(host: Host, pid: number) {
  const [stat, rollup] = await Promise.all([
    host.read(`/proc/${pid}/stat`),
    host.read(`/proc/${pid}/smaps_rollup`),
  ]);
  if (stat.kind !== 'value') return undefined;
  // The name, which may hold anything, ends with the last bracket; user and system time are fields 14 and 15.
  const fields = stat.value.slice(stat.value.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const kb = rollup.kind === 'value' ? /^Pss:\s+(\d+) kB$/m.exec(rollup.value)?.[1] : undefined;
  return { pid, ticks, pss: kb === undefined ? null : Number(kb) * KiB };
}
