import type { LogLine } from './log-line.ts';

/** Something that happened around a kill, as a code with what the line names. */
export interface NotableLine {
  readonly what:
    | 'swap-added'
    | 'pressure'
    | 'unit-started'
    | 'unit-stopped'
    | 'unit-restarted'
    | 'memory-low'
    | 'no-victim'
    | 'panicked'
    | 'booted';
  /** The unit, the file of the swap, or the share of memory that is left. */
  readonly subject: string;
  readonly time: string | null;
  readonly uptimeSeconds: number | null;
  readonly line: number;
}

type Recogniser = { readonly what: NotableLine['what']; readonly hint: string; readonly pattern: RegExp };

const RECOGNISERS: readonly Recogniser[] = [
  { what: 'swap-added', hint: 'swap on', pattern: /^Adding \d{1,15}k swap on (\S{1,255}?)\.? / },
  { what: 'pressure', hint: 'Under memory pressure', pattern: /^(Under memory pressure)/ },
  {
    what: 'memory-low',
    hint: 'mem avail',
    pattern: /^mem avail:\s{1,10}\d{1,9} of \s?\d{1,9} MiB \(\s{0,3}(\d{1,3}\.\d{1,2} ?%)\)/,
  },
  { what: 'unit-restarted', hint: 'restart job', pattern: /^(\S{1,255}): Scheduled restart job/ },
  { what: 'unit-started', hint: 'Started ', pattern: /^Started (.{1,120}?)\.?$/ },
  { what: 'unit-stopped', hint: 'Stopped ', pattern: /^Stopped (.{1,120}?)\.?$/ },
  { what: 'no-victim', hint: 'no killable processes', pattern: /(no killable processes)/ },
  { what: 'panicked', hint: 'Kernel panic', pattern: /Kernel panic - not syncing: (.{1,120})/ },
  { what: 'booted', hint: 'Linux version', pattern: /^Linux version (\S{1,120})/ },
];

export function notableLine(line: LogLine, lineNumber: number): NotableLine | undefined {
  for (const { what, hint, pattern } of RECOGNISERS) {
    if (!line.text.includes(hint)) continue;
    const subject = pattern.exec(line.text)?.[1];
    if (subject === undefined) continue;
    return { what, subject, time: line.time, uptimeSeconds: line.uptimeSeconds, line: lineNumber };
  }
  return undefined;
}
