/** Thousandths of the busiest hour, hour by hour from midnight: a shop for people who sleep, work, eat and shop late. */
const HOURS = [
  120, 70, 40, 30, 30, 50, 120, 260, 420, 520, 580, 640, 820, 700, 560, 540, 580, 660, 760, 880, 1_000, 960,
  640, 300,
] as const;

/**
 * How busy it is at a moment of the day, between 0 and 1; straight lines between the hours.
 * @param share of the day that has passed, 0 to 1.
 */
export function busynessAt(share: number): number {
  const hour = Math.min(0.999_999, Math.max(0, share)) * HOURS.length;
  const before = HOURS[Math.floor(hour)] ?? 0;
  const after = HOURS[(Math.floor(hour) + 1) % HOURS.length] ?? 0;
  return (before + (after - before) * (hour % 1)) / 1_000;
}
