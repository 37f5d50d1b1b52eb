import { commandErrors } from './command-errors.ts';

// More than any file here holds.
const MOST = 1_000_000;

/** The value of an option such as `--lines`. @throws CodedError COUNT_INVALID. */
export function countOption(name: string, given: string | boolean | undefined, standard: number): number {
  if (given === undefined) return standard;
  const count = /^\d+$/.test(String(given)) ? Number(given) : Number.NaN;
  if (count >= 1 && count <= MOST) return count;
  throw commandErrors.COUNT_INVALID({ data: { option: `--${name}`, value: given, most: MOST } });
}
