import { monthOf } from './month-names.ts';

/** What the prefixes of a line have told so far. */
export interface Told {
  time: string | null;
  uptimeSeconds: number | null;
  /** `''` where a writer stood without a host. */
  host: string | null;
  writer: string | null;
  /** The task that printed a line of the kernel's. */
  task: string | null;
  /** The header of RFC 5424 comes next. */
  isRfc5424: boolean;
}

/** One kind of what stands before a text. `read` answers false where it only looked like one. */
export interface Prefix {
  readonly pattern: RegExp;
  readonly read?: (match: RegExpExecArray, told: Told, nowMs: number) => boolean | undefined;
}

/** The rest of a text behind a prefix; undefined when it does not begin with it. */
export function cutPrefix(
  text: string,
  { pattern, read }: Prefix,
  told: Told,
  nowMs: number,
): string | undefined {
  const match = pattern.exec(text);
  if (match === null || match[0] === '') return undefined;
  if (read?.(match, told, nowMs) === false) return undefined;
  return text.slice(match[0].length);
}

/** The first time that is told is the one of whoever was nearest to the reader; what it cannot be is no prefix. */
export function keepTime(told: Told, time: string | null): boolean {
  if (time === null) return false;
  told.time ??= time;
  return true;
}

/** @param month its name, or its number */
export function isoOf(month: string, day: number, clock: string, year?: number, nowMs = 0): string | null {
  const number = monthOf(month);
  if (number === undefined || day < 1 || day > 31) return null;
  return `${year ?? yearOf(number, day, nowMs)}-${two(number)}-${two(day)}T${clock}`;
}

/** A day of slack, since clocks and zones differ. */
function yearOf(month: number, day: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  return Date.UTC(thisYear, month - 1, day) > nowMs + 86_400_000 ? thisYear - 1 : thisYear;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
