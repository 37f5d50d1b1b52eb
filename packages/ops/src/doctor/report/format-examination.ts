import { type Language, say, type Text, type TextData } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import { plain, type Style } from '../../present/style.ts';
import {
  type CheckResult,
  countOutcomes,
  type Examination,
  type FindingOutcome,
  findingsOf,
  troubled,
  verdictOf,
} from '../examination.ts';
import { countsLine, WORDS } from './report-words.ts';

export interface ReportOptions {
  readonly language: Language;
  readonly style?: Style;
  /** Also what is fine, unknown and not here. */
  readonly all?: boolean;
  /** Also what each check with a finding is about, for who has never heard of it. */
  readonly explain?: boolean;
  /** Whether more could be seen as root. */
  readonly asRoot?: boolean;
  /** Whether what can be mended is about to be. */
  readonly isMending?: boolean;
}

/** Of one check; more is a list that nobody reads. */
const SHOWN_FINDINGS = 20;

/** A report for people, as lines for a terminal: the worst first, the sum last. */
export function formatExamination(examination: Examination, options: ReportOptions): string[] {
  const { language, all = false } = options;
  const counts = countOutcomes(examination);
  const lines = troubled(examination).flatMap((result) => [...resultLines(result, options), '']);
  if (all) lines.push(...restLines(examination, options));
  if (counts.critical + counts.warning === 0) {
    const text = verdictOf(examination) === 'fine' ? WORDS.fine : WORDS.nothingSeen;
    lines.push(say(text, language));
  }
  return [...lines, countsLine(counts, language), ...hints(examination, options)];
}

function hints(
  examination: Examination,
  { language, all = false, asRoot = true, isMending = false }: ReportOptions,
): string[] {
  const { unknown } = countOutcomes(examination);
  const mendable = troubled(examination).filter((result) =>
    findingsOf(result).some(({ repair }) => repair !== undefined),
  );
  const lines: string[] = [];
  if (unknown > 0 && !all) lines.push(say(WORDS.unknownHint, language, { count: unknown }));
  if (unknown > 0 && !asRoot) lines.push(say(WORDS.rootHint, language));
  if (mendable.length > 0 && !isMending)
    lines.push(say(WORDS.fixHint, language, { ids: mendable.map(({ check }) => check.id).join(', ') }));
  return lines;
}

function resultLines(result: CheckResult, { language, style = plain, explain }: ReportOptions): string[] {
  const { check } = result;
  const findings = findingsOf(result);
  const shown = findings.slice(0, SHOWN_FINDINGS);
  const label = (text: Text) => style('dim', say(text, language));
  const lines = [
    `${style('bold', `${check.id}  ${say(check.title, language)}`)}  ${style('dim', check.name)}`,
  ];
  if (explain === true) lines.push(`  ${say(check.explanation, language)}`);
  for (const finding of shown) {
    lines.push(`  ${mark(finding, style)} ${say(finding.text, language, finding.data)}`);
    for (const line of finding.evidence.split('\n').filter((each) => each.trim() !== ''))
      lines.push(`    ${label(WORDS.seen)}${line}`);
  }
  const more = findings.length - shown.length + result.leftOut;
  if (more > 0) lines.push(`  ${say(WORDS.more, language, { count: more })}`);
  lines.push(`  ${label(WORDS.why)}${say(check.why, language)}`);
  for (const { where, lines: fix } of fixesOf(shown, language))
    lines.push(`  ${label(WORDS.fix)}${where}`, ...fix.map((line) => `    ${style('cyan', line)}`));
  return lines;
}

/** Each once, though it may be the same for several findings. */
export function fixesOf(
  findings: readonly FindingOutcome[],
  language: Language,
): readonly { readonly where: string; readonly lines: FixLine['lines'] }[] {
  const fixes = findings.flatMap(({ fix, data }) =>
    fix.map(({ where, lines }) => ({ where: say(where, language, data), lines })),
  );
  return [...new Map(fixes.map((fix) => [JSON.stringify(fix), fix])).values()];
}

function restLines({ results }: Examination, { language, style = plain }: ReportOptions): string[] {
  const section = (title: Text, tell: (result: CheckResult) => readonly string[]) => {
    const lines = results.flatMap((result) =>
      tell(result).map((line) => `  ${result.check.id}  ${say(result.check.title, language)}${line}`),
    );
    return lines.length === 0 ? [] : [style('bold', say(title, language)), ...lines, ''];
  };
  const told = (text: Text, data: TextData) => say(text, language, data);
  return [
    ...section(WORDS.unknowns, ({ outcomes }) =>
      outcomes.flatMap((each) => (each.kind === 'unknown' ? `: ${told(each.reason, each.data)}` : [])),
    ),
    ...section(WORDS.fines, ({ outcomes }) =>
      outcomes.flatMap((each) => (each.kind === 'ok' ? `: ${style('dim', each.evidence)}` : [])),
    ),
    ...section(WORDS.absent, ({ outcomes }) =>
      outcomes.some(({ kind }) => kind !== 'not-applicable') ? [] : [''],
    ),
  ];
}

function mark({ severity }: FindingOutcome, style: Style): string {
  if (severity === 'critical') return style('red', '✗');
  return severity === 'warning' ? style('yellow', '!') : style('dim', '·');
}
