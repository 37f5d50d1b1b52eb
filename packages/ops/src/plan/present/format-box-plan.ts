import { type Language, say } from '@maque/kit';
import { plain, type Style } from '../../present/style.ts';
import { formatTable } from '../../present/text-table.ts';
import type { VerdictReason } from '../load/capacity.ts';
import type { Upgrade } from '../load/upgrade.ts';
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

// With the other columns of the table about 100: as wide as a terminal usually is made.
const SETTINGS_WIDTH = 56;

export interface PlanTextOptions {
  readonly language: Language;
  /** Colours for a terminal; plain unless given. */
  readonly style?: Style;
  /** Also where the numbers of each term come from. */
  readonly explain?: boolean;
}

/** A plan for people, line by line: the verdict, the bar of memory, the sum, the limits, what it carries, what comes next. */
export function formatBoxPlan(report: BoxReport, options: PlanTextOptions): readonly string[] {
  const { language, style = plain, explain = false } = options;
  const { plan, capacity } = report;
  const section = (title: { en: string; zh: string }, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', style('bold', say(title, language)), ...lines];
  return [
    ...verdictLines(report, language, style),
    ...section(PLAN_WORDS.memoryBar, memoryBarText(plan, language, style)),
    ...(plan.fits
      ? []
      : section(
          PLAN_WORDS.changes,
          plan.changes.map((change) => `  - ${changeSentence(change, language)}`),
        )),
    ...section(PLAN_WORDS.sum, laidOut(sumTable(plan, language, explain))),
    ...(plan.fits ? section(PLAN_WORDS.limits, laidOut(limitsTable(plan, language, SETTINGS_WIDTH))) : []),
    ...(capacity === undefined
      ? []
      : section(PLAN_WORDS.capacity, [
          ...laidOut(capacityTable(capacity, language)),
          capacityNote(capacity, language),
        ])),
    ...section(
      plan.fits ? PLAN_WORDS.upgrades : PLAN_WORDS.upgradesOfMisfit,
      upgradeLines(report, language, style),
    ),
    ...(plan.fits ? section(PLAN_WORDS.picture, deploymentText(plan, language)) : []),
  ];
}

function verdictLines({ verdict, demand, capacity }: BoxReport, language: Language, style: Style): string[] {
  const colour = { fine: 'cyan', 'with-care': 'yellow', 'do-not': 'red' } as const;
  const word = style('bold', style(colour[verdict.verdict], say(VERDICT_WORDS[verdict.verdict], language)));
  return [
    `${word}  ${demandSentence(demand, language)}`,
    ...(capacity === undefined ? [] : [capacitySentence(capacity, language)]),
    ...verdict.reasons.map((reason) => `  ${mark(reason, style)} ${say(reason.text, language, reason.data)}`),
  ];
}

function mark({ weight }: VerdictReason, style: Style): string {
  if (weight === 'do-not') return style('red', '✗');
  return weight === 'with-care' ? style('yellow', '!') : style('dim', '·');
}

function laidOut({ columns, rows }: PlanTable): readonly string[] {
  return formatTable(columns, rows);
}

function upgradeLines({ plan, upgrades }: BoxReport, language: Language, style: Style): readonly string[] {
  if (upgrades.length === 0) return plan.fits ? [say(PLAN_WORDS.noUpgrade, language)] : [];
  return upgrades.flatMap((upgrade, index) => [
    `${index + 1}. ${style('bold', say(upgrade.title, language))}`,
    `   ${upgradeSentence(upgrade, language)}`,
    ...needLines(upgrade, language, style),
  ]);
}

function needLines({ needs }: Upgrade, language: Language, style: Style): readonly string[] {
  return needs.flatMap(({ text, settings }) => [
    `   ${style('dim', say(PLAN_WORDS.needs, language))} ${say(text, language)}`,
    ...(settings.length === 0 ? [] : [`     ${style('cyan', settings.join(' '))}`]),
  ]);
}
