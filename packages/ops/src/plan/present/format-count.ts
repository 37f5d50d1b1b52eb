import { MOST_DAU } from '../load/capacity.ts';
import { thousands } from '../load/short-number.ts';

/** Users of a day as a plan can promise them: two digits that count, and nothing beyond what the sum is good for. */
export function formatCount(users: number): string {
  if (!Number.isFinite(users)) return '∞';
  if (users > MOST_DAU) return `> ${thousands(MOST_DAU)}`;
  const digits = Math.max(1, 10 ** (Math.floor(Math.log10(Math.max(1, users))) - 1));
  return thousands(Math.floor(users / digits) * digits);
}
