import { type Language, say } from '@maque/kit';
import type { Severity } from '../../findings/finding.ts';
import type { CheckGroup } from '../check.ts';
import {
  type CheckResult,
  countOutcomes,
  type Examination,
  findingsOf,
  type OutcomeCounts,
  troubled,
  type Verdict,
  verdictOf,
} from '../examination.ts';

/** Which check says it. */
interface CheckName {
  readonly id: string;
  readonly name: string;
  readonly group: CheckGroup;
  readonly title: string;
}

/** What `maque doctor --json` prints; published as `docs/reference/doctor.schema.json`. */
export interface ExaminationJson {
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly verdict: Verdict;
  readonly counts: OutcomeCounts;
  readonly findings: readonly (CheckName & {
    readonly severity: Severity;
    readonly message: string;
    readonly data: Readonly<Record<string, unknown>>;
    readonly evidence: string;
    readonly why: string;
    readonly fix: readonly { readonly where: string; readonly lines: readonly string[] }[];
    /** The file that `--fix` would write; null where it is left to a person. */
    readonly repairs: string | null;
  })[];
  readonly unknown: readonly (CheckName & { readonly reason: string })[];
  readonly ok: readonly (CheckName & { readonly evidence: string })[];
  readonly notApplicable: readonly CheckName[];
}

/** The examination as data for programs, whole: what could not be looked at too. */
export function examinationJson(examination: Examination, language: Language): ExaminationJson {
  const nameOf = ({ check }: CheckResult): CheckName => ({
    id: check.id,
    name: check.name,
    group: check.group,
    title: say(check.title, language),
  });
  const { results } = examination;
  return {
    version: 1,
    time: new Date(examination.startedAtMs).toISOString(),
    verdict: verdictOf(examination),
    counts: countOutcomes(examination),
    findings: troubled(examination).flatMap((result) =>
      findingsOf(result).map(({ severity, text, data, evidence, fix, repair }) => ({
        ...nameOf(result),
        severity,
        message: say(text, language, data),
        data,
        evidence,
        why: say(result.check.why, language),
        fix: fix.map(({ where, lines }) => ({ where: say(where, language, data), lines })),
        repairs: repair?.path ?? null,
      })),
    ),
    unknown: results.flatMap((result) =>
      result.outcomes.flatMap((each) =>
        each.kind === 'unknown' ? { ...nameOf(result), reason: say(each.reason, language, each.data) } : [],
      ),
    ),
    ok: results.flatMap((result) =>
      result.outcomes.flatMap((each) =>
        each.kind === 'ok' ? { ...nameOf(result), evidence: each.evidence } : [],
      ),
    ),
    notApplicable: results
      .filter(({ outcomes }) => outcomes.every(({ kind }) => kind === 'not-applicable'))
      .map(nameOf),
  };
}
