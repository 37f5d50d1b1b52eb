import { monthOf } from './month-names.ts';

/** A line of a log without what its writer put before it. */
export interface LogLine {
  /** ISO 8601, with the zone where it is told. */
  readonly time: string | null;
  readonly uptimeSeconds: number | null;
  /** Who wrote it: `kernel`, `systemd-oomd`, `earlyoom`; null where it is not told. */
  readonly writer: string | null;
  readonly text: string;
}

/** What stands before the text, one kind after another: a line may have several (a container's time, then dmesg's). */
const PRIORITY = /^<\d{1,3}>/;
const UPTIME = /^\[\s{0,12}(\d{1,12}\.\d{1,9})\]\s?/;
/** `[Fri Nov 21 14:22:56 2025] `; the weekday is in the language of whoever ran dmesg. */
const DMESG_TIME = /^\[(\S{1,16}) (\S{1,16}) {1,3}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})\]\s?/;
const ISO_TIME = /^\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?\]?:?\s+/;
/** `Sep 27 11:33:05 `, `12月 17 10:04:41 `, `27 sept. 11:33:05 `; a year may follow the day. */
const SYSLOG_TIME = /^(\S{1,16}) {1,3}(\d{1,2}),? (?:(\d{4}) )?(\d\d:\d\d:\d\d)(?:\.\d{1,9})? /;
const DAY_FIRST_TIME = /^(\d{1,2})\.? (\S{1,16}) (?:(\d{4}) )?(\d\d:\d\d:\d\d)(?:\.\d{1,9})? /;
/** `host kernel: `, `host systemd[1]: `. */
const WRITER_AT_HOST = /^\S{1,255} ([A-Za-z][\w@.+-]{0,63})(?:\[\d{1,10}\])?: /;
/** In the kernel's ring its own lines have no writer, and `memory: usage …` is none. */
const WRITER = /^(?:\S{1,255} )?(?:(kernel)|([A-Za-z][\w@.+-]{0,63})\[\d{1,10}\]): /;

/**
 * Takes a line apart. A syslog date has no year: the last one that does not lie in the future is meant.
 * @param nowMs what that is judged by, milliseconds since the epoch.
 */
export function parseLogLine(line: string, nowMs: number): LogLine {
  const journal = line.startsWith('{') ? journalEntry(line) : undefined;
  if (journal !== undefined) return journal;
  let text = line;
  let time: string | null = null;
  let uptimeSeconds: number | null = null;
  let writer: string | null = null;
  const take = ([, first, second]: RegExpExecArray): void => {
    writer = first ?? second ?? null;
  };
  // Four prefixes are more than any tool writes.
  for (let round = 0; round < 4; round += 1) {
    const found =
      cut(text, PRIORITY, () => {}) ??
      cut(text, UPTIME, ([, seconds]) => {
        uptimeSeconds ??= Number(seconds);
      }) ??
      cut(text, DMESG_TIME, ([, , month = '', day, clock, year]) => {
        time ??= isoOf(month, Number(day), clock ?? '', Number(year));
      }) ??
      cut(text, ISO_TIME, ([, day, clock, fraction, zone]) => {
        time ??= `${day}T${clock}${fraction === undefined ? '' : `.${fraction.slice(0, 3)}`}${zone ?? ''}`;
      }) ??
      cutTime(text, nowMs, (found) => {
        time ??= found;
      }) ??
      (writer === null
        ? (cut(text, time === null ? WRITER : WRITER_AT_HOST, take) ?? cut(text, WRITER, take))
        : undefined);
    if (found === undefined) break;
    text = found;
  }
  return { time, uptimeSeconds, writer, text };
}

/** The rest of a text behind a prefix; undefined when it does not begin with it. */
function cut(text: string, prefix: RegExp, take: (match: RegExpExecArray) => void): string | undefined {
  const match = prefix.exec(text);
  if (match === null) return undefined;
  take(match);
  return text.slice(match[0].length);
}

function cutTime(text: string, nowMs: number, take: (time: string) => void): string | undefined {
  const monthFirst = SYSLOG_TIME.exec(text);
  const dayFirst = monthFirst === null ? DAY_FIRST_TIME.exec(text) : null;
  const match = monthFirst ?? dayFirst;
  if (match === null) return undefined;
  const [, first = '', second = '', year, clock = ''] = match;
  const [month, day] = monthFirst !== null ? [first, second] : [second, first];
  const time = isoOf(month, Number(day), clock, year === undefined ? undefined : Number(year), nowMs);
  if (time === null) return undefined;
  take(time);
  return text.slice(match[0].length);
}

function isoOf(name: string, day: number, clock: string, year?: number, nowMs = 0): string | null {
  const month = monthOf(name);
  if (month === undefined || day < 1 || day > 31) return null;
  return `${year ?? yearOf(month, day, nowMs)}-${two(month)}-${two(day)}T${clock}`;
}

/** A day of slack, since clocks and zones differ. */
function yearOf(month: number, day: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  return Date.UTC(thisYear, month - 1, day) > nowMs + 86_400_000 ? thisYear - 1 : thisYear;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** A line of `journalctl -o json`. */
function journalEntry(line: string): LogLine | undefined {
  let entry: Readonly<Record<string, unknown>>;
  try {
    entry = JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const { MESSAGE: text, __REALTIME_TIMESTAMP: micros, SYSLOG_IDENTIFIER: writer } = entry;
  if (typeof text !== 'string') return undefined;
  const ms = Math.floor(Number(micros) / 1_000);
  const time = Number.isFinite(ms) && ms > 0 && ms < 8.64e15 ? new Date(ms).toISOString() : null;
  return { time, uptimeSeconds: null, writer: typeof writer === 'string' ? writer : null, text };
}
