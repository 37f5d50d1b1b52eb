import { HOUR, type Milliseconds, SECOND } from '@maque/kit';

// China has had no summer time since 1991: always 8 hours ahead of UTC.
const CHINA_AHEAD: Milliseconds = 8 * HOUR;

/** RFC 3339 in China's time without fractions, as WeChat Pay writes it: `2026-01-01T00:00:05+08:00`. */
export function chinaTime(epochMs: number): string {
  const wholeSeconds = Math.floor(epochMs / SECOND) * SECOND;
  return `${new Date(wholeSeconds + CHINA_AHEAD).toISOString().slice(0, 19)}+08:00`;
}

/** Ms since the epoch of an RFC 3339 time; null when it is none. */
export function parseTime(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)) {
    return null;
  }
  const epochMs = Date.parse(value);
  return Number.isNaN(epochMs) ? null : epochMs;
}
