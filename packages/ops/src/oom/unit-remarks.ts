import type { Kill } from './kill.ts';
import type { LogLine } from './log-line.ts';
import { UNTOLD } from './untold.ts';

/** What systemd says of one of its units. */
export interface UnitRemark {
  readonly unit: string;
  /** Of how many processes; null where it does not say. */
  readonly processes: number | null;
  readonly by: 'kernel' | 'systemd-oomd';
}

const REMARKS: readonly { readonly by: UnitRemark['by']; readonly pattern: RegExp }[] = [
  { by: 'systemd-oomd', pattern: /^(\S{1,255}): systemd-oomd killed (?:some|(\d{1,6})) process/ },
  { by: 'kernel', pattern: /^(\S{1,255}): A process of this unit has been killed by the OOM killer/ },
  { by: 'kernel', pattern: /^(\S{1,255}): The kernel OOM killer killed (?:some|(\d{1,6})) process/ },
  { by: 'kernel', pattern: /^(\S{1,255}): Failed with result 'oom-kill'/ },
];

export function unitRemark({ text }: LogLine): UnitRemark | undefined {
  if (!text.includes('oom') && !text.includes('OOM')) return undefined;
  for (const { by, pattern } of REMARKS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const [, unit = '', processes] = match;
    return { unit, by, processes: processes === undefined ? null : Number(processes) };
  }
  return undefined;
}

/** A kill of which only systemd tells. */
export function killOfRemark(remark: UnitRemark, line: LogLine, lineNumber: number): Kill {
  const { time, uptimeSeconds, host } = line;
  return {
    ...UNTOLD,
    mechanism: remark.by === 'kernel' ? 'systemd-note' : 'systemd-oomd',
    name: remark.unit,
    unit: remark.unit,
    processes: remark.processes ?? 1,
    complete: false,
    time,
    uptimeSeconds,
    host,
    line: lineNumber,
  };
}
