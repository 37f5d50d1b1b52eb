/** The middle of some numbers; of an even count the mean of the two in the middle. @throws RangeError on none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('nothing to take the median of');
  return (lower + upper) / 2;
}
