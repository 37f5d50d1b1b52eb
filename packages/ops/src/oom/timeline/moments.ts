import { MINUTE, SECOND } from '@maque/kit';
import type { TimelineClock } from './timeline.ts';

/** How times without a zone are meant, and when this machine was started. */
export interface ClockFacts {
  /** East of UTC; undefined for the zone of the machine that reads. */
  readonly zoneMinutes: number | undefined;
  /** Milliseconds since the epoch; null where the log is not of the run that goes on now. */
  readonly bootedAtMs: number | null;
}

export interface Moment {
  readonly atMs: number | null;
  readonly clock: TimelineClock;
}

const ZONED = /(?:Z|[+-]\d\d:?\d\d)$/;

/** When a line was written. */
export function momentOf(
  line: { readonly time: string | null; readonly uptimeSeconds: number | null },
  { zoneMinutes, bootedAtMs }: ClockFacts,
): Moment {
  const { time, uptimeSeconds } = line;
  const atMs = time === null ? null : epochOf(time, zoneMinutes);
  if (time !== null && atMs !== null) return { atMs, clock: ZONED.test(time) ? 'exact' : 'zone-assumed' };
  if (uptimeSeconds === null || bootedAtMs === null) return { atMs: null, clock: 'unknown' };
  return { atMs: Math.round(bootedAtMs + uptimeSeconds * SECOND), clock: 'from-uptime' };
}

/** Null where it is no time: a 31st of February, an hour that summer time leaves out is moved. */
export function epochOf(time: string, zoneMinutes: number | undefined): number | null {
  const zoned = ZONED.test(time) || zoneMinutes === undefined ? time : `${time}${zoneText(zoneMinutes)}`;
  const ms = Date.parse(zoned.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(ms) ? null : ms;
}

/** The zone in which a time is shown: its own, the one that was told, or the reader's at that moment. */
export function zoneOfMoment(time: string | null, atMs: number, zoneMinutes: number | undefined): number {
  const own = /(?:(Z)|([+-])(\d\d):?(\d\d))$/.exec(time ?? '');
  if (own?.[2] !== undefined) return (own[2] === '-' ? -1 : 1) * (Number(own[3]) * 60 + Number(own[4]));
  return zoneMinutes ?? -new Date(atMs).getTimezoneOffset();
}

/** `+08:00`. */
export function zoneText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `+08:00`, `+8`, `-0530`, `Z`, `UTC`; undefined when it is none. */
export function parseZone(text: string): number | undefined {
  if (/^(?:z|utc|gmt)$/i.test(text)) return 0;
  const [, sign, hours, minutes = '00'] = /^([+-])(\d{1,2})(?::?(\d\d))?$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const size = Number(hours) * 60 + Number(minutes);
  // Zones reach from -12:00 to +14:00.
  return size > 14 * 60 ? undefined : (sign === '-' ? -1 : 1) * size;
}

/** `2026-05-01T03:12:07+08:00`. */
export function isoInZone(atMs: number, zoneMinutes: number): string {
  const local = new Date(atMs + zoneMinutes * MINUTE).toISOString().slice(0, 19);
  return `${local}${zoneText(zoneMinutes)}`;
}
