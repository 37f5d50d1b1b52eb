/** How much more the second of two costs, with the uncertainty of so many pairs. */
export interface PairedRatio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

// Student's t for a two-sided interval of 95 %, by degrees of freedom from 1 on; from 30 on the normal 1.96 is near.
const T_95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045,
] as const;

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
  const margin = (T_95[logs.length - 2] ?? 1.96) * Math.sqrt(variance / logs.length);
  return { ratio: Math.exp(mean), low: Math.exp(mean - margin), high: Math.exp(mean + margin) };
}
