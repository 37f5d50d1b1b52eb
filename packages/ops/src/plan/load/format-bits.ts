/** A line as it is sold: `5 Mbit/s`. */
export function formatBits(bitsPerSecond: number): string {
  const [size, unit] =
    bitsPerSecond >= 1e9 ? [1e9, 'Gbit/s'] : bitsPerSecond >= 1e6 ? [1e6, 'Mbit/s'] : [1e3, 'kbit/s'];
  return `${Number((bitsPerSecond / size).toFixed(1))} ${unit}`;
}
