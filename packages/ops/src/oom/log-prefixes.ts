import { monthOf } from './month-names.ts';

/** What the prefixes of a line have told so far. */
export interface Told {
  time: string | null;
  uptimeSeconds: number | null;
  /** `''` where a writer stood without a host. */
  host: string | null;
  writer: string | null;
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

/** What stands before the text, one kind after another: a line may have several (a container's time, then dmesg's). */
export const TIME_PREFIXES = [
  { pattern: /^<\d{1,3}>(?:1 (?=\d{4}-\d\d-\d\d|- ))?/, read: readPriority },
  // `[  123.456789] `, of `dmesg -d` with what passed since the last line.
  {
    pattern: /^\[\s{0,12}(\d{1,12}\.\d{1,9})(?: <[^>]{1,20}>)?\]\s?/,
    read([, seconds], told) {
      told.uptimeSeconds ??= Number(seconds);
      return true;
    },
  },
  // Which thread or processor printed it (CONFIG_PRINTK_CALLER).
  { pattern: /^\[\s{0,8}[TC]\d{1,10}\]\s?/ },
  // `kern  :err   : ` of `dmesg -x`.
  {
    pattern:
      /^(?:kern|user|mail|daemon|auth|syslog|local\d)\s{0,6}:(?:emerg|alert|crit|err|warn|notice|info|debug)\s{0,6}: ?/,
  },
  // `[Fri Nov 21 14:22:56 2025] `; the weekday is in the language of whoever ran dmesg.
  {
    pattern: /^\[(\S{1,16}) {1,2}(\S{1,16}) {1,3}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})\]\s?/,
    read: ([, , month = '', day, clock = '', year], told) =>
      keepTime(told, isoOf(month, Number(day), clock, Number(year))),
  },
  // `[Nov20 08:00] ` and `[  +0.000012] ` of `dmesg -H`: the second says only how long after the line before.
  {
    pattern: /^\[([A-Z][a-z]{2}) {0,2}(\d{1,2}) (\d\d:\d\d)\]\s?/,
    read: ([, month = '', day, clock], told, nowMs) =>
      keepTime(told, isoOf(month, Number(day), `${clock}:00`, undefined, nowMs)),
  },
  { pattern: /^\[\s{0,12}[+<]\s{0,12}\d{1,12}\.\d{1,9}\s?>?\]\s?/ },
  // `Fri 2026-11-20 08:00:00 CST `: a weekday, and a zone whose letters mean several zones, so that it is not known.
  {
    pattern:
      /^(?:\S{1,16} )?\[?(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(?:\s?(Z|[+-]\d\d:?\d\d)|\s(UTC|GMT)|\s[A-Z]{2,5}(?= \S{1,255} \S{1,80}: ))?\]?:?(?:\s+|$)/,
    read: ([, year, month, day, clock, fraction, zone, utc], told) =>
      keepTime(
        told,
        `${year}-${month}-${day}T${clock}${fraction === undefined ? '' : `.${fraction.slice(0, 3)}`}${utc === undefined ? (zone ?? '') : 'Z'}`,
      ),
  },
  // `Fri Nov 20 08:00:00 2026 ` of BusyBox and of `date`.
  {
    pattern: /^\S{1,16} (\S{1,16}) {1,3}(\d{1,2}) (\d\d:\d\d:\d\d) (?:[A-Z]{2,5} )?(\d{4}) /,
    read: ([, month = '', day, clock = '', year], told) =>
      keepTime(told, isoOf(month, Number(day), clock, Number(year))),
  },
  // `Sep 27 11:33:05 `, `12月 17 10:04:41 `, `27 sept. 11:33:05 `; a year may follow the day.
  {
    pattern: /^(\S{1,16}) {1,3}(\d{1,2}),? (?:(\d{4}) )?(\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?: [+-]\d{4})? /,
    read: ([, month = '', day, year, clock = ''], told, nowMs) =>
      keepTime(told, isoOf(month, Number(day), clock, numberOr(year), nowMs)),
  },
  {
    pattern: /^(\d{1,2})\.? (\S{1,16}) (?:(\d{4}) )?(\d\d:\d\d:\d\d)(?:\.\d{1,9})? /,
    read: ([, day, month = '', year, clock = ''], told, nowMs) =>
      keepTime(told, isoOf(month, Number(day), clock, numberOr(year), nowMs)),
  },
  // `19:50:59 kernel: `: of what day is not told.
  { pattern: /^\d\d:\d\d:\d\d(?:\.\d{1,9})? (?=(?:\S{1,255} )?[A-Za-z][\w@.+/-]{0,63}(?:\[\d{1,10}\])?: )/ },
  // `1777593600.123456 box kernel: ` of `journalctl -o short-unix`.
  {
    pattern: /^(\d{10})\.(\d{3})\d{0,6} (?=\S{1,255} \S{1,80}: )/,
    read: ([, seconds, ms], told) =>
      keepTime(told, new Date(Number(seconds) * 1_000 + Number(ms)).toISOString()),
  },
  // `time="2026-05-01T08:00:00+08:00" level=info msg="…`.
  {
    pattern: /^time="?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?"? /,
    read: ([, time, fraction, zone], told) =>
      keepTime(told, `${time}${fraction === undefined ? '' : `.${fraction.slice(0, 3)}`}${zone ?? ''}`),
  },
  // Container runtimes: which stream, and whether the line is whole.
  { pattern: /^(?:stdout|stderr) [FP](?: |$)/ },
  // `web-1  | ` of Compose and PM2, `[pod/shop-5f/web] ` of `kubectl logs --prefix`.
  {
    pattern: /^(?:\[(?:pod|deploy|deployment)\/([\w./-]{1,200})\]|([\w][\w.|-]{0,99}?) {0,40}\|) /,
    read([, pod, container], told) {
      told.writer ??= pod ?? container ?? null;
      return true;
    },
  },
  // `/var/log/kern.log.1:123:` of grep.
  {
    pattern:
      /^(?:[\w@.-]{0,100}\/[\w@./-]{1,200}|[\w-]{1,60}\.log(?:\.\d)?):(?:\d{1,9}:)?(?=[A-Z][a-z]{2} {1,2}\d|\d{4}-\d\d-\d\d|\[ *\d+\.|<\d)/,
  },
  { pattern: /^\d{1,9}[:-](?=[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:|\[ *\d{1,12}\.|\d{4}-\d\d-\d\d[T ])/ },
] as const satisfies readonly Prefix[];

function readPriority([priority = '']: RegExpExecArray, told: Told): boolean {
  told.isRfc5424 = priority.endsWith(' ');
  return true;
}

/** The first time that is told is the one of whoever was nearest to the reader; what it cannot be is no prefix. */
function keepTime(told: Told, time: string | null): boolean {
  if (time === null) return false;
  told.time ??= time;
  return true;
}

function numberOr(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
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
