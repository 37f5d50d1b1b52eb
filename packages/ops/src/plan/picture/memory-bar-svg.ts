import { type Language, say } from '@maque/kit';
import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
import { roundBytes } from '../in-mebibytes.ts';
import { type BoxPart, boxParts } from './box-parts.ts';
import { PICTURE_WORDS } from './box-words.ts';
import { escaped, round, type SvgPart, svgAt, svgBox, svgText, textWidth } from './svg-elements.ts';
import { coloursOf } from './svg-theme.ts';
import { fitted } from './text-boxes.ts';

const BAR = { y: 12, height: 40 };
const LEGEND = { top: 84, row: 26, columnWidth: 250 };
const NAME_COLUMNS = 16;
const INSIDE_SIZE = 12;
// Bold letters of 13 are as wide as plain ones of 14.
const EDGE_SIZE = 14;

/** All memory of the box in one bar, and below it what each colour is. What does not fit stands out on the right. */
export function memoryBarSvg(plan: BoxPlan | BoxMisfit, language: Language, width: number): SvgPart {
  const parts = boxParts(plan);
  const colours = coloursOf(parts);
  const memoryBytes = plan.fits ? plan.request.box.memoryBytes : plan.availableBytes;
  const sumBytes = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const scale = width / Math.max(memoryBytes, sumBytes);
  let before = 0;
  const pieces = parts.map((part) => {
    const x = before * scale;
    before += part.bytes;
    return piece(part, colours.get(part) ?? 'none', x, part.bytes * scale, language);
  });
  const perRow = Math.max(1, Math.floor(width / LEGEND.columnWidth));
  const legend = parts.map((part, index) =>
    svgAt(
      (index % perRow) * (width / perRow),
      LEGEND.top + Math.floor(index / perRow) * LEGEND.row,
      legendEntry(part, colours.get(part) ?? 'none', memoryBytes, width / perRow, language),
    ),
  );
  return {
    width,
    height: LEGEND.top + Math.ceil(parts.length / perRow) * LEGEND.row,
    body: [
      `<clipPath id="maque-bar"><rect x="0" y="${BAR.y}" width="${round(width)}" height="${BAR.height}" rx="8"/></clipPath>`,
      `<g clip-path="url(#maque-bar)">`,
      svgBox({ x: 0, y: BAR.y, width, height: BAR.height, look: 'rest' }),
      ...pieces,
      ...(plan.fits ? [] : [beyondEdge(memoryBytes * scale, width)]),
      '</g>',
      ...(plan.fits ? [] : [edgeMark(plan, memoryBytes * scale, width, language)]),
      ...legend,
    ].join(''),
  };
}

function piece(part: BoxPart, colour: string, x: number, width: number, language: Language): string {
  const name = say(part.name, language);
  const isSolid = part.role !== 'reserve' && part.role !== 'free';
  const label =
    isSolid && textWidth(name, INSIDE_SIZE) + 12 < width
      ? svgText({
          x: x + width / 2,
          y: BAR.y + BAR.height / 2 + 4,
          text: name,
          look: 's white',
          anchor: 'middle',
        })
      : '';
  // A hair of the ground between neighbours, where there is room for one.
  const gap = width > 4 ? 1.5 : 0;
  return `<rect x="${round(x)}" y="${BAR.y}" width="${round(Math.max(width - gap, 0.5))}" height="${BAR.height}" fill="${escaped(colour)}"><title>${escaped(`${name} ${roundBytes(part.bytes)}`)}</title></rect>${label}`;
}

function beyondEdge(x: number, width: number): string {
  return svgBox({ x, y: BAR.y, width: width - x, height: BAR.height, look: 'beyond' });
}

function edgeMark(plan: BoxMisfit, x: number, width: number, language: Language): string {
  const missing = say(PICTURE_WORDS.missing, language, {
    bytes: roundBytes(plan.neededBytes - plan.availableBytes),
  });
  const text = `${roundBytes(plan.availableBytes)} · ${missing}`;
  const hasRoom = x + 6 + textWidth(text, EDGE_SIZE) < width;
  return [
    `<line x1="${round(x)}" y1="${BAR.y - 8}" x2="${round(x)}" y2="${BAR.y + BAR.height + 8}" class="edgeline"/>`,
    svgText({
      x: hasRoom ? x + 6 : x - 6,
      y: BAR.y + BAR.height + 20,
      text,
      look: 'b alarm',
      anchor: hasRoom ? 'start' : 'end',
    }),
  ].join('');
}

function legendEntry(
  part: BoxPart,
  colour: string,
  memoryBytes: number,
  width: number,
  language: Language,
): string {
  const share = `${((part.bytes / memoryBytes) * 100).toFixed(0)} %`;
  return [
    svgBox({ x: 0.5, y: 0.5, width: 14, height: 14, look: 'rest', radius: 3 }),
    `<rect x="0.5" y="0.5" width="14" height="14" rx="3" fill="${escaped(colour)}"/>`,
    svgText({ x: 24, y: 12, text: fitted(say(part.name, language), NAME_COLUMNS), look: 't ink' }),
    svgText({
      x: width - 28,
      y: 12,
      text: `${roundBytes(part.bytes)} · ${share}`,
      look: 't soft',
      anchor: 'end',
    }),
  ].join('');
}
