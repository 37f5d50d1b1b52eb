import { type Language, say } from '@maque/kit';
import { displayWidth } from '../../present/display-width.ts';
import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
import { roundBytes } from '../in-mebibytes.ts';
import { type BoxPart, boxParts } from './box-parts.ts';
import { boxTitle, ELSEWHERE_NAMES, PICTURE_WORDS } from './box-words.ts';
import { centred, fitted, joinedRows, odd, type TextBox, textBox } from './text-boxes.ts';

const LEAST_WIDTH = 59;
const LONGEST_NAME = 18;

/** Who talks to whom, drawn with lines: phones and WeChat above, the box with its programs, and what runs elsewhere below. */
export function deploymentText(plan: BoxPlan | BoxMisfit, language: Language): readonly string[] {
  const parts = boxParts(plan);
  const cellsOf = (role: BoxPart['role']) =>
    parts.filter((part) => part.role === role).map((part) => partBox(part, language));
  const rows = [cellsOf('proxy'), cellsOf('app'), cellsOf('data')].filter(({ length }) => length > 0);
  const beside = besideText(parts, language);
  const title = ` ${boxTitle(plan.request.box, language)} `;
  const outside = (plan.request.elsewhere ?? []).map((each) =>
    textBox([say(ELSEWHERE_NAMES[each], language)], 'dashed'),
  );
  const inner = odd(
    Math.max(
      LEAST_WIDTH,
      ...rows.map(widthOf),
      widthOf(outside),
      // The line from above meets the frame right of the title.
      2 * displayWidth(title) + 5,
      ...beside.map((line) => displayWidth(line) + 2),
    ),
  );
  const centre = Math.floor(inner / 2);
  const people = textBox([`${say(PICTURE_WORDS.phones, language)} · ${say(PICTURE_WORDS.wechat, language)}`]);
  return [
    ...joinedRows([[people]], inner, { below: [centre] }).map((line) => ` ${line}`),
    frameTop(title, inner, centre),
    ...joinedRows(rows, inner, { above: [centre] }).map(framed(inner)),
    ...beside.map((line) => centred(line, inner)).map(framed(inner)),
    frameBottom(inner, outside.length > 0 ? centre : undefined),
    ...(outside.length === 0
      ? []
      : joinedRows([outside], inner, { above: [centre] }).map((line) => ` ${line}`)),
  ].map((line) => line.trimEnd());
}

function partBox(part: BoxPart, language: Language): TextBox {
  const detail = say(part.detail, language);
  return textBox([
    fitted(say(part.name, language), LONGEST_NAME),
    roundBytes(part.bytes),
    ...(detail === '' ? [] : [detail]),
  ]);
}

/** What nobody talks to, but takes memory too; a few on each line. */
function besideText(parts: readonly BoxPart[], language: Language): readonly string[] {
  const words = parts
    .filter(({ role }) => role === 'beside' || role === 'system' || role === 'reserve' || role === 'free')
    .map(({ name, bytes }) => `${fitted(say(name, language), LONGEST_NAME)} ${roundBytes(bytes)}`);
  const lines = ['', words.shift() ?? ''];
  for (const word of words) {
    const longer = `${lines.at(-1)} · ${word}`;
    if (displayWidth(longer) <= LEAST_WIDTH) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function widthOf(boxes: readonly TextBox[]): number {
  return boxes.reduce((sum, { width }) => sum + width + 2, 2);
}

function frameTop(title: string, inner: number, centre: number): string {
  const rule = [...'─'.repeat(inner)];
  rule[centre] = '┴';
  return `╭─${title}${rule.slice(displayWidth(title) + 1).join('')}╮`;
}

function frameBottom(inner: number, joint: number | undefined): string {
  return `╰${Array.from({ length: inner }, (_, column) => (column === joint ? '┬' : '─')).join('')}╯`;
}

function framed(inner: number): (line: string) => string {
  return (line) => `│${line}${' '.repeat(Math.max(0, inner - displayWidth(line)))}│`;
}
