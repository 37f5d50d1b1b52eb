import { displayWidth } from '../../present/display-width.ts';

/** A box of text, drawn without its joints. */
export interface TextBox {
  readonly width: number;
  readonly lines: readonly string[];
  readonly frame: 'solid' | 'dashed';
}

/** Columns, counted within a row, at which lines reach it from outside. */
export interface Joints {
  readonly above?: readonly number[];
  readonly below?: readonly number[];
}

const GAP = 2;
const PADDING = 2;

/** Lines of text in a frame. Its width is odd, so that a line meets its middle. */
export function textBox(lines: readonly string[], frame: TextBox['frame'] = 'solid'): TextBox {
  return { width: odd(Math.max(...lines.map(displayWidth)) + 2 * PADDING), lines, frame };
}

/** The next odd number of columns. */
export function odd(columns: number): number {
  return columns + 1 - (columns % 2);
}

/** Rows of boxes, centred, with lines from every box of a row to every box of the next. */
export function joinedRows(
  rows: readonly (readonly TextBox[])[],
  width: number,
  { above = [], below = [] }: Joints,
): readonly string[] {
  const placed = rows.map((boxes) => placeRow(boxes, width));
  const drawn: string[] = [];
  for (const [index, row] of placed.entries()) {
    const upper = index === 0 ? above : (placed[index - 1]?.centres ?? []);
    const isLast = index === placed.length - 1;
    if (upper.length > 0) drawn.push(jointLine(upper, row.centres, width));
    drawn.push(...drawRow(row, width, upper.length > 0, !isLast || below.length > 0));
    if (isLast && below.length > 0) drawn.push(jointLine(row.centres, below, width));
  }
  return drawn;
}

interface PlacedRow {
  readonly boxes: readonly (TextBox & { readonly left: number })[];
  readonly centres: readonly number[];
}

function placeRow(boxes: readonly TextBox[], width: number): PlacedRow {
  const all = boxes.reduce((sum, box) => sum + box.width, 0) + GAP * (boxes.length - 1);
  let left = Math.max(0, Math.floor((width - all) / 2));
  const placed = boxes.map((box) => {
    const at = left;
    left += box.width + GAP;
    return { ...box, left: at };
  });
  return { boxes: placed, centres: placed.map((box) => box.left + Math.floor(box.width / 2)) };
}

function drawRow(
  { boxes, centres }: PlacedRow,
  width: number,
  hasAbove: boolean,
  hasBelow: boolean,
): string[] {
  const height = Math.max(...boxes.map(({ lines }) => lines.length));
  const edge = (corners: readonly [string, string], joint: string | undefined) =>
    atColumns(
      boxes.map((box, index) => {
        const rule: string[] = Array.from({ length: box.width - 2 }, () =>
          box.frame === 'solid' ? '─' : '╌',
        );
        if (joint !== undefined) rule[(centres[index] ?? 0) - box.left - 1] = joint;
        return { left: box.left, text: corners[0] + rule.join('') + corners[1] };
      }),
      width,
    );
  const side = (frame: TextBox['frame']) => (frame === 'solid' ? '│' : '╎');
  const body = Array.from({ length: height }, (_, line) =>
    atColumns(
      boxes.map((box) => ({
        left: box.left,
        text: side(box.frame) + centred(box.lines[line] ?? '', box.width - 2) + side(box.frame),
      })),
      width,
    ),
  );
  return [
    edge(['┌', '┐'], hasAbove ? '┴' : undefined),
    ...body,
    edge(['└', '┘'], hasBelow ? '┬' : undefined),
  ];
}

/** From every upper column to every lower one. */
function jointLine(upper: readonly number[], lower: readonly number[], width: number): string {
  const from = Math.min(...upper, ...lower);
  const to = Math.max(...upper, ...lower);
  const cells = Array.from({ length: width }, (_, column) => {
    if (column < from || column > to) return ' ';
    // Bits: up, down, left, right.
    const arms =
      (upper.includes(column) ? 8 : 0) +
      (lower.includes(column) ? 4 : 0) +
      (column > from ? 2 : 0) +
      (column < to ? 1 : 0);
    return ARMS[arms] ?? '─';
  });
  return cells.join('');
}

const ARMS: Readonly<Record<number, string>> = {
  3: '─',
  5: '┌',
  6: '┐',
  7: '┬',
  9: '└',
  10: '┘',
  11: '┴',
  12: '│',
  13: '├',
  14: '┤',
  15: '┼',
};

function atColumns(
  pieces: readonly { readonly left: number; readonly text: string }[],
  width: number,
): string {
  let line = '';
  for (const { left, text } of pieces) line += ' '.repeat(Math.max(0, left - displayWidth(line))) + text;
  return line + ' '.repeat(Math.max(0, width - displayWidth(line)));
}

export function centred(text: string, width: number): string {
  const room = Math.max(0, width - displayWidth(text));
  const left = Math.floor(room / 2);
  return ' '.repeat(left) + text + ' '.repeat(room - left);
}

/** A text that takes no more columns than these. */
export function fitted(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (displayWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
