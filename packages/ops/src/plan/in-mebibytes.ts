import { type Bytes, MiB } from '@maque/kit';

/** A size as formulas show it: in MiB, without the unit, to three digits at most. */
export function inMiB(bytes: Bytes): string {
  return String(Number((bytes / MiB).toFixed(3)));
}
