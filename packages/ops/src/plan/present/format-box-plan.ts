import { type Language, say, type Text } from '@maque/kit';
import { displayWidth } from '../../present/display-width.ts';
import { plain, type Style } from '../../present/style.ts';
import { formatTable } from '../../present/text-table.ts';
import { hangingText, wrapText } from '../../present/wrap-text.ts';
import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
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
import { serviceSettings } from './service-settings.ts';

/** What a line takes that goes to a file or a pipe: as wide as a terminal is made nowadays. */
const UNTOLD_COLUMNS = 100;

/** A narrower terminal breaks the rows of the tables in two. */
const LEAST_WITH_FORMULAS = 76;

export interface PlanTextOptions {
  readonly language: Language;
  /** Colours for a terminal; plain unless given. */
  readonly style?: Style;
  /** Also where the numbers of each term come from. */
  readonly explain?: boolean;
  /** Of the terminal; what is longer goes on in the next line. */
  readonly columns?: number;
}

/** How a part of the text is written. */
type Look = Required<Omit<PlanTextOptions, 'explain'>>;

/** A plan for people, line by line: the verdict, the bar of memory, the sum, the limits, what it carries, what comes next. */
export function formatBoxPlan(report: BoxReport, options: PlanTextOptions): readonly string[] {
  const { language, style = plain, explain = false, columns = UNTOLD_COLUMNS } = options;
  const look = { language, style, columns };
  const { plan, capacity } = report;
  const section = (title: Text, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', style('bold', say(title, language)), ...lines];
  return [
    ...verdictLines(report, look),
    ...section(PLAN_WORDS.memoryBar, memoryBarText(plan, language, style, columns)),
    ...(plan.fits ? [] : section(PLAN_WORDS.changes, changeLines(plan, look))),
    ...section(PLAN_WORDS.sum, sumLines(plan, look)),
    ...(explain ? section(PLAN_WORDS.sources, sourceLines(plan, look)) : []),
    ...(plan.fits ? section(PLAN_WORDS.limits, limitLines(plan, look)) : []),
    ...(capacity === undefined
      ? []
      : section(PLAN_WORDS.capacity, [
          ...laidOut(capacityTable(capacity, language), columns),
          ...wrapText(capacityNote(capacity, language), columns),
        ])),
    ...section(plan.fits ? PLAN_WORDS.upgrades : PLAN_WORDS.upgradesOfMisfit, upgradeLines(report, look)),
    ...(plan.fits ? section(PLAN_WORDS.picture, pictureLines(plan, look)) : []),
  ];
}

function verdictLines(
  { verdict, demand, capacity }: BoxReport,
  { language, style, columns }: Look,
): string[] {
  const colour = { fine: 'cyan', 'with-care': 'yellow', 'do-not': 'red' } as const;
  const word = say(VERDICT_WORDS[verdict.verdict], language);
  const shown = style('bold', style(colour[verdict.verdict], word));
  return [
    ...hangingText(`${shown}  `, displayWidth(word) + 2, demandSentence(demand, language), columns),
    ...(capacity === undefined ? [] : wrapText(capacitySentence(capacity, language), columns)),
    ...verdict.reasons.flatMap((reason) =>
      hangingText(`  ${mark(reason, style)} `, 4, say(reason.text, language, reason.data), columns),
    ),
  ];
}

function mark({ weight }: VerdictReason, style: Style): string {
  if (weight === 'do-not') return style('red', '✗');
  return weight === 'with-care' ? style('yellow', '!') : style('dim', '·');
}

function changeLines({ changes }: BoxMisfit, { language, columns }: Look): readonly string[] {
  return changes.flatMap((change) => hangingText('  - ', 4, changeSentence(change, language), columns));
}

/** What the same part of several services comes from is said once; where it differs, of whom it is. */
function sourceLines({ lines }: BoxPlan | BoxMisfit, { language, columns }: Look): readonly string[] {
  const box = say(PLAN_WORDS.box, language);
  const byName = Map.groupBy(lines, ({ name }) => say(name, language));
  return [...byName].flatMap(([name, alike]) => {
    const bySource = Map.groupBy(alike, ({ source }) => say(source, language));
    return [...bySource].flatMap(([source, those]) => {
      const whose = [...new Set(those.map(({ service }) => service ?? box))].join(', ');
      const lead = bySource.size === 1 ? name : `${name}, ${whose}`;
      const [first = '', ...more] = wrapText(`${lead}: ${source}`, columns - 4);
      return [`  ${first}`, ...more.map((line) => `    ${line}`)];
    });
  });
}

/** In a narrow terminal numbers come first: how they come about stands in the last column, which is left out. */
function sumLines(plan: BoxPlan | BoxMisfit, { language, columns }: Look): readonly string[] {
  const table = sumTable(plan, language, false);
  return laidOut(columns < LEAST_WITH_FORMULAS ? withoutLast(table) : table, columns);
}

/** In a narrow terminal settings have lines of their own below. */
function limitLines(plan: BoxPlan, { language, columns }: Look): readonly string[] {
  if (columns >= LEAST_WITH_FORMULAS) return laidOut(limitsTable(plan, language, columns), columns);
  return [
    ...laidOut(withoutLast(limitsTable(plan, language)), columns),
    ...plan.services.flatMap((service) => {
      const settings = serviceSettings(service);
      if (settings.length === 0) return [];
      return hangingText('  ', 2, `${service.request.name}: ${settings.join(', ')}`, columns);
    }),
  ];
}

function withoutLast({ columns, rows }: PlanTable): PlanTable {
  return { columns: columns.slice(0, -1), rows: rows.map((row) => row?.slice(0, -1)) };
}

function laidOut({ columns, rows }: PlanTable, width: number): readonly string[] {
  return formatTable(columns, rows, width);
}

function upgradeLines({ plan, upgrades }: BoxReport, look: Look): readonly string[] {
  const { language, style, columns } = look;
  if (upgrades.length === 0) return plan.fits ? wrapText(say(PLAN_WORDS.noUpgrade, language), columns) : [];
  return upgrades.flatMap((upgrade, index) => [
    `${index + 1}. ${style('bold', say(upgrade.title, language))}`,
    ...hangingText('   ', 3, upgradeSentence(upgrade, language), columns),
    ...needLines(upgrade, look),
  ]);
}

function needLines({ needs }: Upgrade, { language, style, columns }: Look): readonly string[] {
  const lead = say(PLAN_WORDS.needs, language);
  return needs.flatMap(({ text, settings }) => [
    ...hangingText(`   ${style('dim', lead)} `, displayWidth(lead) + 4, say(text, language), columns),
    ...(settings.length === 0
      ? []
      : hangingText('     ', 5, settings.join(' '), columns).map((line) => style('cyan', line))),
  ]);
}

/** Lines that are broken are no picture. */
function pictureLines(plan: BoxPlan, { language, columns }: Look): readonly string[] {
  const picture = deploymentText(plan, language);
  return picture.every((line) => displayWidth(line) <= columns)
    ? picture
    : wrapText(say(PLAN_WORDS.tooWide, language), columns);
}
