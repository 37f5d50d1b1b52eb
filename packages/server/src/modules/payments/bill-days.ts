import { DAY, HOUR, type Milliseconds } from '@maque/kit';

/** China has one time all year. */
const CHINA_OFFSET_MS: Milliseconds = 8 * HOUR;
/** WeChat Pay makes the bill of a day by 10:00 of the next. */
const READY_AFTER_MS: Milliseconds = DAY + 10 * HOUR;
/** After a longer pause of the server the rest is for the operator; WeChat Pay keeps bills for three months. */
const DAYS_BACK = 7;

/** The date in China, `2026-05-01`. */
export function chinaDate(ms: number): string {
  return new Date(ms + CHINA_OFFSET_MS).toISOString().slice(0, 10);
}

/** When a day in China begins. */
export function chinaDayStart(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) - CHINA_OFFSET_MS;
}

/** The days whose bills are there at `nowMs`, the oldest first: a week's at most, none before the first payment's. */
export function billDays(firstPaymentAtMs: number, nowMs: number): readonly string[] {
  const days: string[] = [];
  for (let back = DAYS_BACK - 1; back >= 0; back -= 1) {
    const date = chinaDate(nowMs - READY_AFTER_MS - back * DAY);
    if (date >= chinaDate(firstPaymentAtMs)) days.push(date);
  }
  return days;
}
