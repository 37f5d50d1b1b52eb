import type { Host, Reading } from '../host/host.ts';

/** Shares of wall-clock time, in percent, in which work stood still for want of memory. */
export interface MemoryPressure {
  /** At least one task waited. */
  readonly some: PressureAverages;
  /** All tasks that could have run waited at the same time. */
  readonly full: PressureAverages;
}

export interface PressureAverages {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
}

const NONE: PressureAverages = { avg10: 0, avg60: 0, avg300: 0 };

/** `/proc/pressure/memory`: since Linux 4.20, and only where the kernel was built or booted with it. */
export async function readMemoryPressure(host: Host): Promise<Reading<MemoryPressure>> {
  const text = await host.read('/proc/pressure/memory');
  if (text.kind !== 'value') return text;
  const averages = (name: string): PressureAverages | undefined => {
    const line = new RegExp(`^${name} avg10=([\\d.]+) avg60=([\\d.]+) avg300=([\\d.]+)`, 'm').exec(
      text.value,
    );
    if (line === null) return undefined;
    return { avg10: Number(line[1]), avg60: Number(line[2]), avg300: Number(line[3]) };
  };
  const some = averages('some');
  if (some === undefined) return { kind: 'unreadable', reason: 'no line of averages' };
  return { kind: 'value', value: { some, full: averages('full') ?? NONE } };
}
