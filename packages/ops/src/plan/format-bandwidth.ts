/** A line as it is sold: `5 Mbit/s`. */
export function formatBandwidth(bitsPerSecond: number): string {
  const [unit, size] = bitsPerSecond >= 1e9 ? ['G', 1e9] : bitsPerSecond >= 1e6 ? ['M', 1e6] : ['k', 1e3];
  return `${Number((bitsPerSecond / Number(size)).toFixed(2))} ${unit}bit/s`;
}
