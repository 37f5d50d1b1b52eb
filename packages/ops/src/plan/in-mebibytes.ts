import { type Bytes, formatBytes, MiB } from '@maque/kit';

/** A size as formulas show it: in MiB, without the unit, to three digits at most. */
export function inMiB(bytes: Bytes): string {
  return String(Number((bytes / MiB).toFixed(3)));
}

/**
 * A size as people read it beside others, the same in every table and picture: whole MiB, half of one rounded up, or GiB
 * with two digits. What is less than one is crumbs of rounding.
 */
export function roundBytes(bytes: Bytes): string {
  return bytes > 0 && bytes < MiB ? '< 1 MiB' : formatBytes(Math.round(bytes / MiB) * MiB);
}
