import { type Language, say } from '@maque/kit';
import { displayWidth } from '../../present/display-width.ts';
import { plain, type Style } from '../../present/style.ts';
import { formatTable } from '../../present/text-table.ts';
import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
import { roundBytes } from '../in-mebibytes.ts';
import { type BoxPart, boxParts } from './box-parts.ts';

const MOST_BAR = 48;
const LEAST_BAR = 16;
/** What stands right of the bar: its ends, the size, the percentage, and gaps. */
const BESIDE_BAR = 22;
const FILLS: Readonly<Record<BoxPart['role'], string>> = {
  system: '▓',
  proxy: '█',
  app: '█',
  data: '█',
  beside: '█',
  reserve: '░',
  free: '·',
};

/**
 * The memory of the box as a staircase: each part begins where the one before it ends, so that the last ends where the box
 * does. What stands right of the bar `│` has no memory under it.
 * @param columns of the terminal, to which the bar shrinks.
 */
export function memoryBarText(
  plan: BoxPlan | BoxMisfit,
  language: Language,
  style: Style = plain,
  columns = Number.POSITIVE_INFINITY,
): readonly string[] {
  const parts = boxParts(plan);
  const longestName = Math.max(...parts.map(({ name }) => displayWidth(say(name, language))));
  const barColumns = Math.max(LEAST_BAR, Math.min(MOST_BAR, columns - BESIDE_BAR - longestName));
  const memoryBytes = plan.fits ? plan.request.box.memoryBytes : plan.availableBytes;
  const wholeBytes = Math.max(
    memoryBytes,
    parts.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const columnOf = (bytes: number) => Math.round((bytes / wholeBytes) * barColumns);
  const edge = columnOf(memoryBytes);
  let before = 0;
  const rows = parts.map((part) => {
    const from = Math.min(columnOf(before), barColumns - 1);
    before += part.bytes;
    const to = Math.max(from + 1, columnOf(before));
    return [
      say(part.name, language),
      barRow(part, { from, to, edge, columns: barColumns }, style),
      roundBytes(part.bytes),
      `${((part.bytes / memoryBytes) * 100).toFixed(0)} %`,
    ];
  });
  // Rows stand for themselves: the titles and the rule of a table would say nothing.
  return formatTable(
    [{ title: '' }, { title: '' }, { title: '', align: 'right' }, { title: '', align: 'right' }],
    rows,
  ).slice(2);
}

interface BarPlace {
  readonly from: number;
  readonly to: number;
  /** Where the memory ends. */
  readonly edge: number;
  readonly columns: number;
}

function barRow({ role }: BoxPart, { from, to, edge, columns }: BarPlace, style: Style): string {
  const cells = Array.from({ length: columns }, (_, column) =>
    column >= from && column < to ? FILLS[role] : ' ',
  );
  const inside = cells.slice(0, edge).join('');
  const beyond = cells.slice(edge).join('');
  return `│${inside}│${beyond === '' ? '' : style('red', beyond)}`;
}
