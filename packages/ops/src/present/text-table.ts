import { displayWidth } from './display-width.ts';
import { wrapText } from './wrap-text.ts';

// Narrower than this a column reads worse than one that sticks out.
const LEAST_LAST = 12;

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/**
 * Lines up cells for a terminal, two spaces between columns, a rule under the titles. Chinese characters take two
 * columns, as terminals show them. A row that is undefined becomes a rule.
 * @param width columns of the terminal: the last column goes on in further lines where a row is wider.
 */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[] | undefined)[],
  width = Number.POSITIVE_INFINITY,
): string[] {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, index) =>
    Math.max(...[titles, ...rows].map((row) => displayWidth(row?.[index] ?? ''))),
  );
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + 2, 0);
  widths[last] = Math.min(widths[last] ?? 0, Math.max(LEAST_LAST, width - before));
  const rule = widths.map((each) => '─'.repeat(each)).join('──');
  const lineOf = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => pad(cells[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd();
  const linesOf = (row: readonly string[]) => {
    const cell = row[last] ?? '';
    const room = widths[last] ?? 0;
    const [first = '', ...more] = displayWidth(cell) > room ? wrapText(cell, room) : [cell];
    return [lineOf([...row.slice(0, last), first]), ...more.map((text) => ' '.repeat(before) + text)];
  };
  return [lineOf(titles), rule, ...rows.flatMap((row) => (row === undefined ? [rule] : linesOf(row)))];
}

function pad(text: string, width: number, align: TableColumn['align'] = 'left'): string {
  const filling = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? filling + text : text + filling;
}
