import type { Severity } from '../findings/finding.ts';
import type { Check, Outcome } from './check.ts';

/** What one check came to. */
export interface CheckResult {
  readonly check: Check;
  readonly outcomes: readonly Outcome[];
  /** Outcomes that were not kept: more than anybody reads. */
  readonly leftOut: number;
}

/** What all checks came to, in the order of their list. */
export interface Examination {
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly results: readonly CheckResult[];
}

export type FindingOutcome = Extract<Outcome, { readonly kind: 'finding' }>;

/** `fine` does not say that all could be looked at. */
export type Verdict = 'fine' | 'findings' | 'critical';

export interface OutcomeCounts {
  readonly critical: number;
  readonly warning: number;
  readonly info: number;
  readonly ok: number;
  readonly unknown: number;
  readonly notApplicable: number;
}

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

export function findingsOf({ outcomes }: CheckResult): readonly FindingOutcome[] {
  return outcomes
    .filter((outcome) => outcome.kind === 'finding')
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** Results that have a finding, the worst first; of equal ones in the order of the list. */
export function troubled(examination: Examination): readonly CheckResult[] {
  const rank = (result: CheckResult) => SEVERITIES.indexOf(findingsOf(result)[0]?.severity ?? 'info');
  return examination.results
    .filter((result) => findingsOf(result).length > 0)
    .toSorted((a, b) => rank(a) - rank(b));
}

export function countOutcomes({ results }: Examination): OutcomeCounts {
  const outcomes = results.flatMap((result) => result.outcomes);
  const ofKind = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const severe = (severity: Severity) =>
    outcomes.filter((outcome) => outcome.kind === 'finding' && outcome.severity === severity).length;
  return {
    critical: severe('critical'),
    warning: severe('warning'),
    info: severe('info'),
    ok: ofKind('ok'),
    unknown: ofKind('unknown'),
    notApplicable: ofKind('not-applicable'),
  };
}

/** Remarks (`info`) do not count; an examination in which nothing at all could be seen is not `fine`. */
export function verdictOf(examination: Examination): Verdict {
  const { critical, warning, info, ok, unknown } = countOutcomes(examination);
  if (critical > 0) return 'critical';
  const sawNothing = ok + info === 0 && unknown > 0;
  return warning > 0 || sawNothing ? 'findings' : 'fine';
}
