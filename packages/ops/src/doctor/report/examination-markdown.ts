import { say } from '@maque/kit';
import { countOutcomes, type Examination, findingsOf, troubled, verdictOf } from '../examination.ts';
import { fixesOf, type ReportOptions } from './format-examination.ts';
import { countsLine, WORDS } from './report-words.ts';

const MARKS = { critical: '🔴', warning: '🟡', info: '⚪' } as const;

/** The same as Markdown, for an issue or a chat. */
export function examinationMarkdown(
  examination: Examination,
  { language, all = false }: ReportOptions,
): string {
  const counts = countOutcomes(examination);
  const parts = [`# maque doctor: ${countsLine(counts, language)}`];
  if (counts.critical + counts.warning === 0)
    parts.push(say(verdictOf(examination) === 'fine' ? WORDS.fine : WORDS.nothingSeen, language));
  for (const result of troubled(examination)) {
    const { check } = result;
    const findings = findingsOf(result);
    parts.push(`## ${check.id} ${say(check.title, language)}`);
    parts.push(
      findings
        .map(
          ({ severity, text, data, evidence }) =>
            `- ${MARKS[severity]} ${say(text, language, data)}\n  ${inCode(evidence)}`,
        )
        .join('\n'),
    );
    parts.push(say(check.why, language));
    for (const { where, lines } of fixesOf(findings, language)) parts.push(where, fenced(lines));
  }
  const unknowns = examination.results.flatMap(({ check, outcomes }) =>
    outcomes.flatMap((each) =>
      each.kind === 'unknown'
        ? `- ${check.id} ${say(check.title, language)}: ${say(each.reason, language, each.data)}`
        : [],
    ),
  );
  if (all && unknowns.length > 0) parts.push(`## ${say(WORDS.unknowns, language)}`, unknowns.join('\n'));
  return `${parts.join('\n\n')}\n`;
}

/** Evidence as it was read may hold backticks. */
function inCode(evidence: string): string {
  return `\`\`${evidence.replaceAll(/\s*\n\s*/g, ' · ').replaceAll('``', "''")} \`\``;
}

function fenced(lines: readonly string[]): string {
  return ['````', ...lines, '````'].join('\n');
}
