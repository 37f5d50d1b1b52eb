import { type TextRun, textRuns } from '../../ports/text-runs.ts';
import type { TextMatch } from '../../ports/text-search.ts';

/** What is looked for, and in which fields of a collection. */
export interface SearchQuery {
  readonly runs: readonly TextRun[];
  /** Of the collection's `search`, the most telling first: those that the caller may read. */
  readonly fields: readonly string[];
}

// A sentence; each further run is one more list of records to walk.
const MAX_RUNS = 10;

/** Reads what somebody typed. Of more than ten words the first ten count. */
export function searchQueryOf(text: string, fields: readonly string[]): SearchQuery {
  const runs = new Map(textRuns(text).map((run) => [run.text, run]));
  return { runs: [...runs.values()].slice(0, MAX_RUNS), fields };
}

/** Whether nothing can be found: no word in it, or no field to look into. */
export function findsNothing({ runs, fields }: SearchQuery): boolean {
  return runs.length === 0 || fields.length === 0;
}

/**
 * A search in order of relevance: what has all words in the most telling field, then in the next one, at last what has
 * them in several. A record's tier depends on nothing but itself, so the order stays as it is while others are written;
 * a rank such as BM25 moves with every record that comes or goes, and pages would repeat and miss some.
 */
export function tiersOf({ runs, fields }: SearchQuery): TextMatch[] {
  const tiers = fields.map((field, index) => ({ runs, within: [field], beyond: fields.slice(0, index) }));
  const isSpread = runs.length > 1 && fields.length > 1;
  return isSpread ? [...tiers, { runs, within: fields, beyond: fields }] : tiers;
}
