import { MINUTE } from '@maque/kit';
import type { TrafficMinute } from './timeline.ts';

/** One answer, as a web server or an app wrote it down. */
export interface AccessLine {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly status: number;
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const COMMON_TIME = /\[(\d\d)\/(\w{3})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\]/;
/** Behind the request, which is quoted: `" 502 157 `; a quote in it is written `\x22` or `\"`. */
const COMMON_STATUS = /" (\d{3}) (?:\d|-)/;
/** Formats of one's own: JSON with nginx's `$time_iso8601` or `$msec`, and pino's `time`. */
const ISO_TIME = /"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))"/;
const EPOCH_TIME = /"(?:time|ts|msec|timestamp)"\s?:\s?"?(\d{10})(?:\.(\d{3})|(\d{3}))?/;
const JSON_STATUS = /"(?:status|status_code|code)"\s?:\s?"?(\d{3})\b/;

/** An answer out of its line: the common and combined formats, JSON, and those of Maque's own logs. */
export function readAccessLine(line: string): AccessLine | undefined {
  const isJson = line.startsWith('{');
  const atMs = isJson ? jsonTime(line) : commonTime(line);
  const status = Number((isJson ? JSON_STATUS : COMMON_STATUS).exec(line)?.[1]);
  return atMs === undefined || !(status >= 100 && status < 600) ? undefined : { atMs, status };
}

/** When a line was written, for finding a place in a file: also of lines that are no answers. */
export function accessTime(line: string): number | undefined {
  return line.startsWith('{') ? jsonTime(line) : commonTime(line);
}

function commonTime(line: string): number | undefined {
  const found = COMMON_TIME.exec(line);
  if (found === null) return undefined;
  const [, day, name = '', year, hour, minute, second, sign, zoneHours, zoneMinutes] = found;
  const month = MONTHS.indexOf(name) / 3;
  if (!Number.isInteger(month) || month < 0) return undefined;
  const utc = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  return utc - (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes)) * MINUTE;
}

function jsonTime(line: string): number | undefined {
  const iso = ISO_TIME.exec(line)?.[1];
  const ms = iso === undefined ? Number.NaN : Date.parse(iso);
  if (!Number.isNaN(ms)) return ms;
  const [, seconds, fraction, millis] = EPOCH_TIME.exec(line) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1_000 + Number(fraction ?? millis ?? 0);
}

/** Minutes of a day: more is not shown. */
const MOST_MINUTES = 1_440;

/** Counts answers by minute. */
export class TrafficCounter {
  readonly #minutes = new Map<number, { requests: number; failed: number }>();

  add({ atMs, status }: AccessLine): void {
    const minute = Math.floor(atMs / MINUTE) * MINUTE;
    const known = this.#minutes.get(minute);
    if (known === undefined && this.#minutes.size >= MOST_MINUTES) return;
    const count = known ?? { requests: 0, failed: 0 };
    count.requests += 1;
    if (status >= 502 && status <= 504) count.failed += 1;
    this.#minutes.set(minute, count);
  }

  /** In order; minutes without an answer are not among them. */
  minutes(): readonly TrafficMinute[] {
    return [...this.#minutes]
      .map(([atMs, { requests, failed }]) => ({ atMs, requests, failed }))
      .sort((one, other) => one.atMs - other.atMs);
  }
}
