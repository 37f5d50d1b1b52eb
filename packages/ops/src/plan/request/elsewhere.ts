import { ELSEWHERE, type Elsewhere } from '../box/box-request.ts';
import type { Problems } from './problems.ts';

/** What runs on other machines; what is none of the known is told. */
export function parseElsewhere(
  words: readonly string[],
  path: string,
  problems: Problems,
): readonly Elsewhere[] {
  const found = words.flatMap((word) => {
    const known = ELSEWHERE.find((one) => one === word);
    if (known === undefined) problems.unknown(path, word, ELSEWHERE);
    return known ?? [];
  });
  return [...new Set(found)];
}
