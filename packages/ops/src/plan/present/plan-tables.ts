import { type Bytes, type Language, MiB, say } from '@maque/kit';
import type { TableColumn } from '../../present/text-table.ts';
import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
import { roundBytes } from '../in-mebibytes.ts';
import { type Capacity, RESOURCES } from '../load/capacity.ts';
import { formatQps } from '../load/short-number.ts';
import { RESOURCE_WORDS } from '../load/verdict-reasons.ts';
import { formatCount } from './format-count.ts';
import { PLAN_WORDS } from './plan-words.ts';
import { serviceSettings } from './service-settings.ts';

/** Rows for a terminal or for Markdown; a row that is undefined is a rule. */
export interface PlanTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[] | undefined)[];
}

/** Every term of the sum; with `explain`, also where its numbers come from. */
export function sumTable({ lines }: BoxPlan | BoxMisfit, language: Language, explain: boolean): PlanTable {
  const total = lines.reduce((sum, { bytes }) => sum + bytes, 0);
  const error = Math.sqrt(lines.reduce((sum, { errorBytes }) => sum + errorBytes ** 2, 0));
  const cells = (...all: string[]) => (explain ? all : all.slice(0, -1));
  return {
    columns: [
      { title: say(PLAN_WORDS.service, language) },
      { title: say(PLAN_WORDS.part, language) },
      { title: '×', align: 'right' },
      { title: 'MiB', align: 'right' },
      { title: say(PLAN_WORDS.error, language), align: 'right' },
      { title: say(PLAN_WORDS.how, language) },
      ...(explain ? [{ title: say(PLAN_WORDS.source, language) }] : []),
    ],
    rows: [
      ...lines.map((line, index) =>
        cells(
          // A name stands at the first of its lines only.
          index > 0 && line.service === lines[index - 1]?.service
            ? ''
            : (line.service ?? say(PLAN_WORDS.box, language)),
          say(line.name, language),
          line.count === 1 ? '' : String(line.count),
          mib(line.bytes),
          line.errorBytes === 0 ? '' : mib(line.errorBytes),
          line.formula,
          say(line.source, language),
        ),
      ),
      undefined,
      cells(say(PLAN_WORDS.total, language), '', '', mib(total), mib(error), '', ''),
    ],
  };
}

/** Of the columns between the name of a service and its settings, with the gaps. */
const LIMIT_COLUMNS = 41;
const LEAST_SETTINGS = 24;

/**
 * What each service may hold, and what it is set to.
 * @param width of the terminal: beyond it settings go on in another row; in one row unless given.
 */
export function limitsTable(
  { services }: BoxPlan,
  language: Language,
  width = Number.POSITIVE_INFINITY,
): PlanTable {
  const longestName = Math.max(0, ...services.map(({ request }) => request.name.length));
  const settingsWidth = Math.max(LEAST_SETTINGS, width - LIMIT_COLUMNS - longestName);
  return {
    columns: [
      { title: say(PLAN_WORDS.service, language) },
      { title: say(PLAN_WORDS.budget, language), align: 'right' },
      { title: 'MemoryHigh', align: 'right' },
      { title: 'MemoryMax', align: 'right' },
      { title: 'OOM', align: 'right' },
      { title: say(PLAN_WORDS.settings, language) },
    ],
    rows: services.flatMap((service) => {
      const [first = '', ...more] = inRows(serviceSettings(service), settingsWidth);
      return [
        [
          service.request.name,
          roundBytes(service.budgetBytes),
          roundBytes(service.memoryHighBytes),
          roundBytes(service.memoryMaxBytes),
          String(service.oomScoreAdj),
          first,
        ],
        ...more.map((settings) => ['', '', '', '', '', settings]),
      ];
    }),
  };
}

/** Settings with commas between, as many on a row as fit. */
function inRows(settings: readonly string[], width: number): readonly string[] {
  const rows: string[] = [];
  for (const setting of settings) {
    const longer = rows.length === 0 ? setting : `${rows.at(-1)}, ${setting}`;
    if (rows.length === 0 || longer.length > width) rows.push(setting);
    else rows[rows.length - 1] = longer;
  }
  return rows;
}

/** What each resource carries by itself, the scarcest first. */
export function capacityTable(capacity: Capacity, language: Language): PlanTable {
  const scarcestFirst = [...RESOURCES].sort(
    (one, other) => finite(capacity.dauByResource[one]) - finite(capacity.dauByResource[other]),
  );
  return {
    columns: [
      { title: say(PLAN_WORDS.resource, language) },
      { title: say(PLAN_WORDS.usersADay, language), align: 'right' },
      { title: say(PLAN_WORDS.qps, language), align: 'right' },
      { title: say(PLAN_WORDS.how, language) },
    ],
    rows: scarcestFirst.map((resource) => [
      say(RESOURCE_WORDS[resource], language),
      formatCount(capacity.dauByResource[resource]),
      resource === 'disk' ? '' : formatQps(capacity.qpsByResource[resource]),
      capacity.formulas[resource] +
        (resource === capacity.first ? `  ← ${say(PLAN_WORDS.first, language)}` : ''),
    ]),
  };
}

/** The difference of two infinities is no number. */
function finite(dau: number): number {
  return Number.isFinite(dau) ? dau : Number.MAX_SAFE_INTEGER;
}

function mib(bytes: Bytes): string {
  return String(Number((bytes / MiB).toFixed(1)));
}
