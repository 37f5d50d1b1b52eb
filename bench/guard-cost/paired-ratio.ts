import { studentT95 } from '../report/student-t.ts';

/** How much more the second of two costs, with the uncertainty of so many pairs. */
export interface PairedRatio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The geometric mean of `first / second` over pairs that were measured side by side, and its 95 % interval: what
 * disturbs both of a pair falls out.
 * @throws RangeError for fewer than two pairs, which say nothing of their spread.
 */
export function pairedRatio(pairs: readonly (readonly [first: number, second: number])[]): PairedRatio {
  if (pairs.length < 2) throw new RangeError('an interval needs two pairs at least');
  const logs = pairs.map(([first, second]) => Math.log(first / second));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  const margin = studentT95(logs.length - 1) * Math.sqrt(variance / logs.length);
  return { ratio: Math.exp(mean), low: Math.exp(mean - margin), high: Math.exp(mean + margin) };
}
