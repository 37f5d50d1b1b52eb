import { type Language, say } from '@maque/kit';
import { plain, type Style } from '../../present/style.ts';
import { formatTable } from '../../present/text-table.ts';
import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
import { roundBytes } from '../in-mebibytes.ts';
import { type BoxPart, boxParts } from './box-parts.ts';

const BAR_COLUMNS = 48;
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
 */
export function memoryBarText(
  plan: BoxPlan | BoxMisfit,
  language: Language,
  style: Style = plain,
): readonly string[] {
  const parts = boxParts(plan);
  const memoryBytes = plan.fits ? plan.request.box.memoryBytes : plan.availableBytes;
  const wholeBytes = Math.max(
    memoryBytes,
    parts.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const columnOf = (bytes: number) => Math.round((bytes / wholeBytes) * BAR_COLUMNS);
  const edge = columnOf(memoryBytes);
  let before = 0;
  const rows = parts.map((part) => {
    const from = Math.min(columnOf(before), BAR_COLUMNS - 1);
    before += part.bytes;
    const to = Math.max(from + 1, columnOf(before));
    return [
      say(part.name, language),
      barRow(part, from, to, edge, style),
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

function barRow({ role }: BoxPart, from: number, to: number, edge: number, style: Style): string {
  const cells = Array.from({ length: BAR_COLUMNS }, (_, column) =>
    column >= from && column < to ? FILLS[role] : ' ',
  );
  const inside = cells.slice(0, edge).join('');
  const beyond = cells.slice(edge).join('');
  return `│${inside}│${beyond === '' ? '' : style('red', beyond)}`;
}
