import type { Bytes } from '@maque/kit';
import type { UnitFacts } from './units.ts';

/** The smallest MemoryMax of a unit and the slices that it lies in; null where there is none. */
export function tightestLimit(unit: UnitFacts, units: readonly UnitFacts[]): Bytes | null {
  const limits = [unit, ...slicesOf(unit, units)].flatMap(({ memoryMax }) => memoryMax ?? []);
  return limits.length === 0 ? null : Math.min(...limits);
}

/** What all limits together promise: that of a slice counts once for what lies in it. */
export function promisedBytes(units: readonly UnitFacts[]): {
  readonly bytes: Bytes;
  readonly counted: readonly UnitFacts[];
} {
  const limited = units.filter(({ memoryMax }) => typeof memoryMax === 'number');
  const counted = limited.filter(
    (unit) =>
      isRunning(unit) && !slicesOf(unit, units).some(({ memoryMax }) => typeof memoryMax === 'number'),
  );
  return { bytes: counted.reduce((sum, { memoryMax }) => sum + (memoryMax ?? 0), 0), counted };
}

export function isRunning({ activeState, subState }: UnitFacts): boolean {
  return activeState === 'active' && subState !== 'exited';
}

/** The slices above it; the root, whose limit is the machine, is none. */
function slicesOf(unit: UnitFacts, units: readonly UnitFacts[]): readonly UnitFacts[] {
  return units.filter(
    (other) =>
      other.name.endsWith('.slice') &&
      other.controlGroup.length > 1 &&
      unit.controlGroup.startsWith(`${other.controlGroup}/`),
  );
}
