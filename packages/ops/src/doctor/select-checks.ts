import { nearestName } from '@maque/kit';
import type { Check } from './check.ts';

/** The checks that were asked for, or the first name that none of them has. */
export type Selection =
  | { readonly checks: readonly Check[] }
  | { readonly unknown: string; readonly nearest: string | undefined };

/** By ids, names or groups, with commas between them: `A1,mem-available,node`. */
export function selectChecks(all: readonly Check[], wanted: string): Selection {
  const names = wanted.split(',').map((name) => name.trim());
  const isMeant = ({ id, name, group }: Check, word: string) =>
    id.toLowerCase() === word.toLowerCase() || name === word || group === word;
  const unknown = names.find((word) => !all.some((check) => isMeant(check, word)));
  if (unknown !== undefined) {
    const known = all.flatMap(({ id, name, group }) => [name, id, group]);
    return { unknown, nearest: nearestName(unknown, known) };
  }
  return { checks: all.filter((check) => names.some((word) => isMeant(check, word))) };
}
