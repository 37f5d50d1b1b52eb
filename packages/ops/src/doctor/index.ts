export { CHECK_GROUPS, type Check, type CheckGroup, type Outcome, type Repair } from './check.ts';
export { checks } from './check-list.ts';
export {
  type CheckResult,
  type Examination,
  type FindingOutcome,
  findingsOf,
  type Verdict,
  verdictOf,
} from './examination.ts';
export { type ExamineOptions, examine } from './examine.ts';
export type { Host, Reading } from './host/host.ts';
export { type LocalHostOptions, localHost } from './host/local-host.ts';
export { Patient } from './patient.ts';
export { type ExaminationJson, examinationJson } from './report/examination-json.ts';
export { examinationMarkdown } from './report/examination-markdown.ts';
export { examinationSchema } from './report/examination-schema.ts';
export { formatExamination, type ReportOptions } from './report/format-examination.ts';
export { GROUP_TITLES } from './report/report-words.ts';
export { readSamples, recordSample } from './sample-file.ts';
export type { DoctorSample } from './samples.ts';
export { type Selection, selectChecks } from './select-checks.ts';
export { takeSample } from './take-sample.ts';
export { wantedChanges, withoutMended } from './wanted-changes.ts';
