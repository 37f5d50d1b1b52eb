import { seededRandom } from '../../load/random.ts';

export const FAULT_KINDS = [
  'kill',
  'heap-leak',
  'buffer-leak',
  'short-hang',
  'endless-hang',
  'load-burst',
  'full-disk',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface PlannedFault {
  readonly kind: FaultKind;
  /** From the start. */
  readonly atSeconds: number;
}

/**
 * When what goes wrong: about every so many seconds, each kind as often as the others, in an order and at moments that
 * look random and are the same for the same seed. Nothing is planned for the last of the time, in which the last fault
 * is got over.
 */
export function planFaults(seconds: number, everySeconds: number, seed: number): readonly PlannedFault[] {
  const random = seededRandom(seed);
  const faults: PlannedFault[] = [];
  let round: FaultKind[] = [];
  for (let start = 0; start + 2 * everySeconds <= seconds; start += everySeconds) {
    if (round.length === 0) round = shuffled(FAULT_KINDS, random);
    const kind = round.pop();
    if (kind !== undefined) faults.push({ kind, atSeconds: start + random() * everySeconds * 0.5 });
  }
  return faults;
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);
}
