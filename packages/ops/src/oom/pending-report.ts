import type { LogLine } from './log-line.ts';
import type { columnsOf, Task } from './task-table.ts';

/** A report is written within milliseconds; what comes later without a beginning of its own is another one. */
const SAME_REPORT_SECONDS = 10;

/** What is known so far of the report that is being read. */
export interface Pending {
  invokedBy: string | null;
  chosen:
    | { readonly pid: number; readonly name: string; readonly score: number; readonly constraint: string }
    | undefined;
  constraint: string | null;
  /** Who will die, as the line of the constraint names it. */
  victim: { readonly pid: number; readonly name: string } | null;
  cgroup: string | null;
  limitCgroup: string | null;
  limitKb: number | null;
  kernel: string | null;
  totalSwapKb: number | null;
  freeSwapKb: number | null;
  ramKb: number | null;
  readonly tasks: Map<number, Task>;
  columns: ReturnType<typeof columnsOf>;
  /** Once somebody died, lines before belong to that; a whole group goes on dying. */
  readonly killed: Set<number>;
  isWholeGroup: boolean;
  startedAt: LogLine | undefined;
  /** Of the line that names who will die. */
  namedAt: { readonly line: LogLine; readonly number: number } | undefined;
}

export function nothingYet(): Pending {
  return {
    invokedBy: null,
    chosen: undefined,
    constraint: null,
    victim: null,
    cgroup: null,
    limitCgroup: null,
    limitKb: null,
    kernel: null,
    totalSwapKb: null,
    freeSwapKb: null,
    ramKb: null,
    tasks: new Map(),
    columns: undefined,
    killed: new Set(),
    isWholeGroup: false,
    startedAt: undefined,
    namedAt: undefined,
  };
}

type Moment = Pick<LogLine, 'time' | 'uptimeSeconds'>;

/** Whether what is between them can be told. */
export function isDated(first: Moment, line: Moment): boolean {
  const both = (name: keyof Moment) => first[name] !== null && line[name] !== null;
  return both('uptimeSeconds') || both('time');
}

export function isLongAfter(first: Moment | undefined, line: Moment): boolean {
  if (first === undefined) return false;
  if (first.uptimeSeconds !== null && line.uptimeSeconds !== null) {
    return Math.abs(line.uptimeSeconds - first.uptimeSeconds) > SAME_REPORT_SECONDS;
  }
  if (first.time === null || line.time === null) return false;
  return Math.abs(Date.parse(line.time) - Date.parse(first.time)) > SAME_REPORT_SECONDS * 1_000;
}

export function isShortlyBefore(one: Moment, other: Moment): boolean {
  if (!isDated(one, other) || isLongAfter(one, other)) return false;
  if (one.uptimeSeconds !== null && other.uptimeSeconds !== null)
    return one.uptimeSeconds < other.uptimeSeconds;
  return Date.parse(one.time ?? '') < Date.parse(other.time ?? '');
}
