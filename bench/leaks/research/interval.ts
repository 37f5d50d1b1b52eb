const Z = 1.96;

/** Wilson's interval that holds the true share 95 times of 100, as text. */
export function intervalOfShare(hits: number, all: number): string {
  if (all === 0) return '(–)';
  const share = hits / all;
  const middle = share + (Z * Z) / (2 * all);
  const width = Z * Math.sqrt((share * (1 - share)) / all + (Z * Z) / (4 * all * all));
  const scale = 1 + (Z * Z) / all;
  return `(${((middle - width) / scale).toFixed(2)}–${Math.min(1, (middle + width) / scale).toFixed(2)})`;
}
