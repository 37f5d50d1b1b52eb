import { MINUTE } from '@maque/kit';
import { alertErrors } from './alert-errors.ts';

/** A part of each day in which only what is urgent is sent. */
export interface QuietHours {
  isQuiet(epochMs: number): boolean;
}

const MINUTES_A_DAY = 24 * 60;

/**
 * Reads `23:00-08:00`, which may go over midnight. Local time: clocks that are put forward or back go along.
 * @param offsetOf how far local time is ahead of UTC, in ms.
 * @throws CodedError ALERT_QUIET_HOURS_INVALID.
 */
export function parseQuietHours(text: string, offsetOf: (epochMs: number) => number): QuietHours {
  const match = /^\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*$/.exec(text);
  const [from, to] = [minuteOf(match?.[1], match?.[2]), minuteOf(match?.[3], match?.[4])];
  if (from === undefined || to === undefined || from === to) {
    throw alertErrors.ALERT_QUIET_HOURS_INVALID({ data: { actual: JSON.stringify(text.slice(0, 40)) } });
  }
  const length = (to - from + MINUTES_A_DAY) % MINUTES_A_DAY;
  return {
    isQuiet(epochMs) {
      const minute = Math.floor((epochMs + offsetOf(epochMs)) / MINUTE) % MINUTES_A_DAY;
      return (minute - from + MINUTES_A_DAY) % MINUTES_A_DAY < length;
    },
  };
}

/**
 * Answers how far local time is ahead of UTC at a moment, in ms.
 * @param timeZone an IANA name such as `Asia/Shanghai`; undefined for the machine's own, which costs nothing to ask
 * (what knows all the others takes 7 MiB).
 * @throws CodedError ALERT_TIME_ZONE_UNKNOWN.
 */
export function localOffset(timeZone: string | undefined): (epochMs: number) => number {
  if (timeZone === undefined) return (epochMs) => -new Date(epochMs).getTimezoneOffset() * MINUTE;
  const format = formatIn(timeZone);
  return (epochMs) => {
    const name = format.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value;
    const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '') ?? [];
    const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE;
    return sign === '-' ? -ahead : ahead;
  };
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    throw alertErrors.ALERT_TIME_ZONE_UNKNOWN({ data: { actual: JSON.stringify(timeZone.slice(0, 40)) } });
  }
}

function minuteOf(hours: string | undefined, minutes: string | undefined): number | undefined {
  const [hour, minute] = [Number(hours), Number(minutes)];
  return hour <= 23 && minute <= 59 ? hour * 60 + minute : undefined;
}
