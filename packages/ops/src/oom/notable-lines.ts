import { RingBuffer } from '@maque/kit';
import type { LogLine } from './log-line.ts';

export const NOTABLE_KINDS = [
  'swap-added',
  'pressure',
  'unit-started',
  'unit-stopped',
  'unit-restarted',
  'unit-failed',
  'job-started',
  'deployed',
  'memory-low',
  'fork-failed',
  'no-victim',
  'panicked',
  'booted',
] as const;

/** Something that happened around a kill, as a code with what the line names. */
export interface NotableLine {
  readonly what: (typeof NOTABLE_KINDS)[number];
  /** The unit, the file of the swap, or the share of memory that is left. */
  readonly subject: string;
  /** The machine, where the log tells it. */
  readonly host: string | null;
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
  {
    what: 'unit-failed',
    hint: 'process exited, code=',
    pattern:
      /^(\S{1,255}: (?:Main|Control) process exited, code=(?:killed|dumped|exited), status=(?!0\/)\S{1,40})/,
  },
  // Cron, and Red Hat's crond: `(root) CMD (/srv/report.sh)`.
  { what: 'job-started', hint: ' CMD (', pattern: /^(\([\w.-]{1,32}\) CMD \(.{1,120}\))/ },
  // PM2 is told to, git hooks and pipelines say so in the log of whoever runs them.
  {
    what: 'deployed',
    hint: 'eploy',
    pattern: /^((?:pm2 )?[Dd]eploy(?:ed|ing|ment)?\b.{0,100})/,
  },
  { what: 'unit-started', hint: 'Started ', pattern: /^Started (.{1,120}?)\.?$/ },
  { what: 'unit-stopped', hint: 'Stopped ', pattern: /^Stopped (.{1,120}?)\.?$/ },
  {
    what: 'fork-failed',
    hint: 'annot allocate memory',
    pattern: /((?:Can't save in background: )?\bfork: (?:\S{1,20}: )?Cannot allocate memory)/,
  },
  { what: 'fork-failed', hint: 'ENOMEM', pattern: /\b((?:spawn(?: \S{1,100})?|fork) ENOMEM)\b/ },
  { what: 'no-victim', hint: 'no killable processes', pattern: /(no killable processes)/ },
  { what: 'panicked', hint: 'Kernel panic', pattern: /Kernel panic - not syncing: (.{1,120})/ },
  { what: 'booted', hint: 'Linux version', pattern: /^Linux version (\S{1,120})/ },
];

export function notableLine(line: LogLine, lineNumber: number): NotableLine | undefined {
  for (const { what, hint, pattern } of RECOGNISERS) {
    if (!line.text.includes(hint)) continue;
    const subject = pattern.exec(line.text)?.[1];
    if (subject === undefined) continue;
    const { host, time, uptimeSeconds } = line;
    return { what, subject, host, time, uptimeSeconds, line: lineNumber };
  }
  return undefined;
}

/** Before a kill, and after it: what stands further away is not around it. */
const KEPT_BEFORE = 100;
const KEPT_AFTER = 60;

/** Notable lines of a log however long: those around its newest kills, and the last ones. */
export class NotableLines {
  readonly #last: RingBuffer<NotableLine>;
  readonly #kept: RingBuffer<NotableLine>;
  #after = 0;

  /** @param most of those around kills, and of the last ones */
  constructor(most: number) {
    this.#kept = new RingBuffer(most);
    this.#last = new RingBuffer(most);
  }

  add(line: NotableLine): void {
    this.#last.push(line);
    if (this.#after === 0) return;
    this.#after -= 1;
    this.#kept.push(line);
  }

  /** A kill: what led to it, and what comes of it, is kept. */
  keep(): void {
    const newest = this.#kept.at(-1)?.line ?? -1;
    const before = [...this.#last].slice(-KEPT_BEFORE).filter(({ line }) => line > newest);
    for (const line of before) this.#kept.push(line);
    this.#after = KEPT_AFTER;
  }

  /** In order. */
  all(): readonly NotableLine[] {
    const newest = this.#kept.at(-1)?.line ?? -1;
    return [...this.#kept, ...[...this.#last].filter(({ line }) => line > newest)];
  }
}
