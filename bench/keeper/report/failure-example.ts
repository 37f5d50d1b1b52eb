import type { TrafficWindow } from '../load/traffic-plan.ts';

/** What most of the failures of a window were, for the cell that counts them; empty when there are none. */
export function failureExample({ failures, counts }: Pick<TrafficWindow, 'failures' | 'counts'>): string {
  const kinds = new Map<string, number>();
  for (const { reason, status } of failures) {
    const kind = status === undefined ? reason : `${reason} ${status}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  if (counts.late > 0) kinds.set('late', counts.late);
  const [most] = [...kinds].sort(([, one], [, other]) => other - one);
  return most === undefined ? '' : `: ${most[0]}`;
}
