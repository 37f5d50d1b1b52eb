import { CHINESE_DATE } from './chinese-date.ts';
import { isoOf, keepTime, type Prefix, type Told } from './line-prefix.ts';

/** How BusyBox writes where a line comes from and how grave it is. */
export const FACILITY_AND_LEVEL =
  /(?:kern|user|mail|daemon|auth(?:priv)?|syslog|cron|local\d)\.(?:emerg|alert|crit|err|warn|notice|info|debug)/;

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
  // Which task or processor printed it (CONFIG_PRINTK_CALLER).
  {
    pattern: /^\[\s{0,8}(?:T(\d{1,10})|C\d{1,10})\]\s?/,
    read([, task], told) {
      told.task ??= task ?? null;
      return true;
    },
  },
  // `4,1234,5678901,-,caller=T812;` of /dev/kmsg, in microseconds.
  {
    pattern:
      /^\d{1,5},\d{1,12},(\d{1,18}),[-c+](?:,[^;]{0,80}?caller=(?:T(\d{1,10})|C\d{1,10}))?(?:,[^;]{0,80})?;/,
    read([, micros, task], told) {
      told.uptimeSeconds ??= Number(micros) / 1e6;
      told.task ??= task ?? null;
      return true;
    },
  },
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
  CHINESE_DATE,
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
  // `kern.warn ` of BusyBox, before who wrote.
  { pattern: new RegExp(`^${FACILITY_AND_LEVEL.source} (?=\\S)`) },
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
      /^(?:[\w@.-]{0,100}\/[\w@./-]{1,200}|[\w-]{1,60}\.log(?:\.\d)?):(?:\d{1,9}:)?(?=[A-Z][a-z]{2} {1,2}\d|\d{4}-\d\d-\d\d|\d{1,4}[年月]|\[ *\d+\.|<\d)/,
  },
  { pattern: /^\d{1,9}[:-](?=[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:|\[ *\d{1,12}\.|\d{4}-\d\d-\d\d[T ])/ },
] as const satisfies readonly Prefix[];

function readPriority([priority = '']: RegExpExecArray, told: Told): boolean {
  told.isRfc5424 = priority.endsWith(' ');
  return true;
}

function numberOr(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
