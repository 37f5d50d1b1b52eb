import type { WantedChange } from '../changes/change-file.ts';
import type { Outcome } from './check.ts';
import { type Examination, findingsOf } from './examination.ts';

/** The safe repairs of all findings, in the order of the checks. */
export function wantedChanges({ results }: Examination): readonly WantedChange[] {
  return results.flatMap((result) =>
    findingsOf(result).flatMap(({ repair }) =>
      repair === undefined ? [] : { reason: result.check.id, ...repair },
    ),
  );
}

/** The examination as it is when these changes are made: their findings are gone. */
export function withoutMended(examination: Examination, mended: readonly WantedChange[]): Examination {
  const rewrites = new Set(mended.map(({ rewrite }) => rewrite));
  const isMended = (outcome: Outcome) =>
    outcome.kind === 'finding' && outcome.repair !== undefined && rewrites.has(outcome.repair.rewrite);
  const mend = (outcome: Outcome): Outcome =>
    isMended(outcome) ? { kind: 'ok', evidence: 'mended' } : outcome;
  return {
    ...examination,
    results: examination.results.map((result) => ({ ...result, outcomes: result.outcomes.map(mend) })),
  };
}
