/** The largest of the values that are known; 0 when none is. */
export function peakOf(values: Iterable<number>): number {
  let peak = 0;
  for (const value of values) if (value > peak) peak = value;
  return peak;
}
