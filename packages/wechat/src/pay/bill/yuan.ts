import type { Fen } from '../pay-types.ts';

/**
 * Fen of an amount in yuan as bills write it (`0.01`, `12.3`, `100`), by moving the point: no fraction ever becomes a float.
 * @returns undefined when it is none, or has more than two decimals that are not zero.
 */
export function yuanToFen(text: string): Fen | undefined {
  const parts = /^(\d{1,12})(?:\.(\d{1,2})0*)?$/.exec(text);
  return parts === null ? undefined : Number(`${parts[1]}${(parts[2] ?? '').padEnd(2, '0')}`);
}
