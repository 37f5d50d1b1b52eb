import { HOUR } from '@maque/kit';

// China has had one time zone without summer time since 1991.
const AHEAD_OF_UTC = 8 * HOUR;

/** `2026-01-01T08:00:05+08:00` */
export function chinaTime(epochMs: number): string {
  return `${chinaText(epochMs, 19)}+08:00`;
}

/** `2026-01-01` */
export function chinaDate(epochMs: number): string {
  return chinaText(epochMs, 10);
}

/** `2026-01-01 08:00:05`, as in bills. */
export function chinaBillTime(epochMs: number): string {
  return chinaText(epochMs, 19).replace('T', ' ');
}

/** The moment at which a day such as `2026-01-01` begins in China; NaN when there is no such day. */
export function chinaDayStart(date: string): number {
  return Date.parse(`${date}T00:00:00+08:00`);
}

function chinaText(epochMs: number, length: number): string {
  return new Date(epochMs + AHEAD_OF_UTC).toISOString().slice(0, length);
}
