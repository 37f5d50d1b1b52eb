import { type Language, say } from '@maque/kit';
import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
import { roundBytes } from '../in-mebibytes.ts';
import { type BoxPart, boxParts } from './box-parts.ts';
import { boxTitle, ELSEWHERE_NAMES, PICTURE_WORDS } from './box-words.ts';
import { escaped, round, type SvgPart, svgAt, svgBox, svgText, textWidth } from './svg-elements.ts';
import { coloursOf } from './svg-theme.ts';
import { fitted } from './text-boxes.ts';

const NODE = { width: 172, height: 72, gap: 16 };
const COLUMN_GAP = 52;
const FRAME = { x: 226, padding: 26, title: 44 };
const PERSON = { width: 76, gap: 34 };
const CHIP = { height: 26, gap: 8 };
// What a node's text may take at its size; longer names end in an ellipsis.
const NAME_COLUMNS = 18;
const CHIP_NAME_COLUMNS = 24;

interface Placed {
  readonly x: number;
  readonly y: number;
}

/** Phones, WeChat, the box with its programs, and what runs elsewhere, from left to right. */
export function deploymentSvg(plan: BoxPlan | BoxMisfit, language: Language): SvgPart {
  const parts = boxParts(plan);
  const colours = coloursOf(parts);
  const columns = (['proxy', 'app', 'data'] as const)
    .map((role) => parts.filter((part) => part.role === role))
    .filter(({ length }) => length > 0);
  const elsewhere = (plan.request.elsewhere ?? []).map((each) => say(ELSEWHERE_NAMES[each], language));
  const innerWidth = Math.max(2, columns.length) * (NODE.width + COLUMN_GAP) - COLUMN_GAP;
  const frameWidth = innerWidth + 2 * FRAME.padding;
  const chips = chipRows(parts, language, innerWidth);
  const rows = Math.max(1, elsewhere.length, ...columns.map(({ length }) => length));
  const nodesHeight = columnHeight(rows);
  const frameHeight = FRAME.title + nodesHeight + chips.height + FRAME.padding;
  const middle = FRAME.title + nodesHeight / 2;
  const columnX = (index: number) => FRAME.x + FRAME.padding + index * (NODE.width + COLUMN_GAP);
  const placed = columns.map((column, index) => placeColumn(column.length, columnX(index), middle));
  const awayX = FRAME.x + frameWidth + COLUMN_GAP;
  const away = placeColumn(elsewhere.length, awayX, middle);
  return {
    width: elsewhere.length === 0 ? FRAME.x + frameWidth : awayX + NODE.width,
    height: frameHeight,
    body: [
      people(middle, language),
      svgBox({
        x: FRAME.x,
        y: 0,
        width: frameWidth,
        height: frameHeight,
        look: 'ground',
        radius: 14,
      }),
      svgText({
        x: FRAME.x + FRAME.padding,
        y: 28,
        text: boxTitle(plan.request.box, language),
        look: 'h2 ink',
      }),
      ...edgesOf(placed, middle),
      ...away.map((to) =>
        edge({ x: FRAME.x + frameWidth, y: middle }, { x: to.x, y: to.y + NODE.height / 2 }),
      ),
      ...columns.flatMap((column, index) =>
        column.map((part, row) => {
          const at = placed[index]?.[row] ?? { x: 0, y: 0 };
          return svgAt(at.x, at.y, node(part, colours.get(part) ?? 'none', language));
        }),
      ),
      ...elsewhere.map((name, row) => svgAt(away[row]?.x ?? 0, away[row]?.y ?? 0, awayNode(name))),
      svgAt(FRAME.x + FRAME.padding, FRAME.title + nodesHeight + 14, chips.body),
    ].join(''),
  };
}

function columnHeight(rows: number): number {
  return rows * (NODE.height + NODE.gap) - NODE.gap;
}

function placeColumn(rows: number, x: number, middle: number): readonly Placed[] {
  const top = middle - columnHeight(rows) / 2;
  return Array.from({ length: rows }, (_, row) => ({ x, y: top + row * (NODE.height + NODE.gap) }));
}

/** From WeChat to the first column, and from every node to all of the next column. */
function edgesOf(placed: readonly (readonly Placed[])[], middle: number): readonly string[] {
  const wechat = { x: 2 * PERSON.width + PERSON.gap, y: middle };
  return placed.flatMap((column, index) => {
    const from =
      index === 0
        ? [wechat]
        : (placed[index - 1] ?? []).map(({ x, y }) => ({ x: x + NODE.width, y: y + NODE.height / 2 }));
    return from.flatMap((start) =>
      column.map((node) => edge(start, { x: node.x, y: node.y + NODE.height / 2 })),
    );
  });
}

function edge(from: Placed, to: Placed): string {
  const bend = (to.x - from.x) / 2;
  const d = `M${round(from.x)} ${round(from.y)} C${round(from.x + bend)} ${round(from.y)} ${round(to.x - bend)} ${round(to.y)} ${round(to.x - 2)} ${round(to.y)}`;
  return `<path d="${d}" class="edge" marker-end="url(#maque-tip)"/>`;
}

function people(middle: number, language: Language): string {
  const wechatX = PERSON.width + PERSON.gap;
  const label = (x: number, text: string) =>
    svgText({ x: x + PERSON.width / 2, y: middle + 46, text, look: 't ink', anchor: 'middle' });
  const centre = PERSON.width / 2;
  const phone =
    `<rect x="${centre - 14}" y="${round(middle - 27)}" width="28" height="50" rx="6" class="icon"/>` +
    `<line x1="${centre - 4}" y1="${round(middle + 15)}" x2="${centre + 4}" y2="${round(middle + 15)}" class="icon"/>`;
  const bubbles =
    `<path d="M${wechatX + centre - 8} ${round(middle - 24)} a21 17 0 1 0 -8 33 l-3 8 l10 -7" class="icon"/>` +
    `<ellipse cx="${wechatX + centre + 10}" cy="${round(middle + 2)}" rx="19" ry="15" class="icon"/>`;
  return [
    phone,
    bubbles,
    edge({ x: centre + 22, y: middle }, { x: wechatX + centre - 40, y: middle }),
    label(0, say(PICTURE_WORDS.phones, language)),
    label(wechatX, say(PICTURE_WORDS.wechat, language)),
  ].join('');
}

function node(part: BoxPart, colour: string, language: Language): string {
  const detail = say(part.detail, language);
  const name = fitted(say(part.name, language), NAME_COLUMNS);
  return [
    svgBox({ x: 0, y: 0, width: NODE.width, height: NODE.height, look: 'node', radius: 10 }),
    `<path d="M6 0 a6 6 0 0 0 -6 6 v${NODE.height - 12} a6 6 0 0 0 6 6 z" fill="${escaped(colour)}"/>`,
    svgText({ x: 18, y: detail === '' ? 32 : 23, text: name, look: 'b ink' }),
    svgText({ x: 18, y: detail === '' ? 52 : 42, text: roundBytes(part.bytes), look: 't ink' }),
    ...(detail === '' ? [] : [svgText({ x: 18, y: 60, text: detail, look: 's soft' })]),
  ].join('');
}

function awayNode(name: string): string {
  return [
    svgBox({ x: 0, y: 8, width: NODE.width, height: NODE.height - 16, look: 'away', radius: 10 }),
    svgText({ x: NODE.width / 2, y: NODE.height / 2 + 5, text: name, look: 'b ink', anchor: 'middle' }),
  ].join('');
}

/** What nobody talks to, as small labels along the bottom. */
function chipRows(
  parts: readonly BoxPart[],
  language: Language,
  width: number,
): { readonly height: number; readonly body: string } {
  const words = parts
    .filter(({ role }) => role === 'system' || role === 'beside' || role === 'reserve' || role === 'free')
    .map(({ name, bytes }) => `${fitted(say(name, language), CHIP_NAME_COLUMNS)} ${roundBytes(bytes)}`);
  let x = 0;
  let y = 0;
  const drawn = words.map((word) => {
    const chipWidth = textWidth(word, 12) + 20;
    if (x > 0 && x + chipWidth > width) {
      x = 0;
      y += CHIP.height + CHIP.gap;
    }
    const chip =
      svgBox({ x, y, width: chipWidth, height: CHIP.height, look: 'chip', radius: CHIP.height / 2 }) +
      svgText({ x: x + chipWidth / 2, y: y + 17, text: word, look: 's soft', anchor: 'middle' });
    x += chipWidth + CHIP.gap;
    return chip;
  });
  return { height: words.length === 0 ? 0 : y + CHIP.height + 14, body: drawn.join('') };
}
