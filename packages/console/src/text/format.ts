import type { Say } from './language.ts';

/** Shown where a process does not tell a number. */
export const unknown = '–';

const KiB = 1024;
const MiB = KiB * 1024;
const GiB = MiB * 1024;

/** `312.4 MiB`, `1.25 GiB`: the units that budgets and Node's flags are given in. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return unknown;
  if (bytes >= GiB) return `${fixed(bytes / GiB, 2)} GiB`;
  if (bytes >= MiB) return `${fixed(bytes / MiB, 1)} MiB`;
  return `${fixed(bytes / KiB, 0)} KiB`;
}

/** A limit, which is mostly round and does not change: `512 MiB`, not `512.0 MiB`. */
export function formatLimit(bytes: number | null): string {
  return formatBytes(bytes).replace(/\.0+ /, ' ');
}

/** `0.84 ms`, `12.3 ms`, `480 ms`, `1.25 s`: three digits are all that the eye compares. */
export function formatMilliseconds(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return unknown;
  if (ms >= 1_000) return `${fixed(ms / 1_000, 2)} s`;
  return `${fixed(ms, ms < 1 ? 2 : ms < 100 ? 1 : 0)} ms`;
}

/** `0`, `0.4`, `12.3`, `1,204`. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null || !Number.isFinite(perSecond)) return unknown;
  if (perSecond === 0) return '0';
  return perSecond < 100 ? fixed(perSecond, 1) : Math.round(perSecond).toLocaleString('en');
}

export function formatCount(count: number | null): string {
  return count === null ? unknown : count.toLocaleString('en');
}

export function formatPercent(part: number | null): string {
  return part === null || !Number.isFinite(part) ? unknown : `${Math.round(part * 100)} %`;
}

/** How long a process runs: `42 s`, `7 min`, `3 h 12 min`, `5 d 4 h`. */
export function formatUptime(ms: number, say: Say): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return say('duration.seconds', { seconds });
  if (hours === 0) return say('duration.minutes', { minutes });
  if (hours < 24) return say('duration.hours', { hours, minutes: minutes % 60 });
  return say('duration.days', { days: Math.floor(hours / 24), hours: hours % 24 });
}

/** `14:03:22` in the time zone of whoever looks. */
export function formatClock(epochMs: number): string {
  return new Date(epochMs).toLocaleTimeString('en-GB', { hour12: false });
}

/** `2026-11-20 14:03:22 UTC+8`: with its zone, since server and admin may be apart. */
export function formatMoment(epochMs: number): string {
  const date = new Date(epochMs);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  const offsetMinutes = -date.getTimezoneOffset();
  const sign = offsetMinutes < 0 ? '-' : '+';
  const hours = Math.floor(Math.abs(offsetMinutes) / 60);
  const minutes = Math.abs(offsetMinutes) % 60;
  const zone = minutes === 0 ? `${hours}` : `${hours}:${String(minutes).padStart(2, '0')}`;
  return `${day} ${formatClock(epochMs)} UTC${offsetMinutes === 0 ? '' : sign + zone}`;
}

function fixed(value: number, digits: number): string {
  return value.toFixed(digits);
}
