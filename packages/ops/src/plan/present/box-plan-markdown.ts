import { type Language, say, type Text } from '@maque/kit';
import { deploymentText } from '../picture/deployment-text.ts';
import { memoryBarText } from '../picture/memory-bar-text.ts';
import type { BoxReport } from './box-report.ts';
import {
  capacityNote,
  capacitySentence,
  changeSentence,
  demandSentence,
  upgradeSentence,
} from './plan-sentences.ts';
import { capacityTable, limitsTable, type PlanTable, sumTable } from './plan-tables.ts';
import { PLAN_WORDS, VERDICT_WORDS } from './plan-words.ts';

const VERDICT_MARKS = { fine: '🟢', 'with-care': '🟡', 'do-not': '🔴' } as const;
const REASON_MARKS = { note: '⚪', 'with-care': '🟡', 'do-not': '🔴' } as const;

/** The same as Markdown, for an issue, a wiki or a chat; every term with its source. */
export function boxPlanMarkdown(report: BoxReport, language: Language): string {
  const { plan, capacity, verdict, demand } = report;
  const section = (title: Text, ...parts: string[]) => [`## ${say(title, language)}`, ...parts];
  const parts = [
    `# maque plan: ${VERDICT_MARKS[verdict.verdict]} ${say(VERDICT_WORDS[verdict.verdict], language)}`,
    demandSentence(demand, language),
    ...(capacity === undefined ? [] : [capacitySentence(capacity, language)]),
    verdict.reasons
      .map(({ weight, text, data }) => `- ${REASON_MARKS[weight]} ${say(text, language, data)}`)
      .join('\n'),
    ...section(PLAN_WORDS.memoryBar, fenced(memoryBarText(plan, language))),
    ...(plan.fits
      ? []
      : section(
          PLAN_WORDS.changes,
          plan.changes.map((change) => `- ${changeSentence(change, language)}`).join('\n'),
        )),
    ...section(PLAN_WORDS.sum, tableOf(sumTable(plan, language, true))),
    ...(plan.fits ? section(PLAN_WORDS.limits, tableOf(limitsTable(plan, language))) : []),
    ...(capacity === undefined
      ? []
      : section(
          PLAN_WORDS.capacity,
          tableOf(capacityTable(capacity, language)),
          capacityNote(capacity, language),
        )),
    ...section(plan.fits ? PLAN_WORDS.upgrades : PLAN_WORDS.upgradesOfMisfit, upgradeList(report, language)),
    ...(plan.fits ? section(PLAN_WORDS.picture, fenced(deploymentText(plan, language))) : []),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function upgradeList({ upgrades }: BoxReport, language: Language): string {
  if (upgrades.length === 0) return say(PLAN_WORDS.noUpgrade, language);
  return upgrades
    .map((upgrade, index) => {
      const needs = upgrade.needs.map(({ text, settings }) => {
        const names = settings.map((name) => ` \`${name}\``).join('');
        return `   - ${say(text, language)}${names}`;
      });
      const title = `${index + 1}. **${say(upgrade.title, language)}**: ${upgradeSentence(upgrade, language)}`;
      return [title, ...needs].join('\n');
    })
    .join('\n');
}

function tableOf({ columns, rows }: PlanTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === 'right' ? '--:' : '---'))),
    ...rows.flatMap((row) => (row === undefined ? [] : line(row))),
  ].join('\n');
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function fenced(lines: readonly string[]): string {
  return ['```text', ...lines, '```'].join('\n');
}
