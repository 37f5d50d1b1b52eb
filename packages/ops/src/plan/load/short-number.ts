/** A number as formulas show it: three digits that count, no more; whole from a hundred on. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return '∞';
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** Requests a second in a sentence: three digits, of thousands two; more is not known. */
export function formatQps(qps: number): string {
  if (!Number.isFinite(qps)) return '∞';
  return qps >= 1000 ? thousands(Number(qps.toPrecision(2))) : shortNumber(qps);
}

/** A count to its last digit: `12,500`. */
export function thousands(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}
