export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/**
 * Lines up cells for a terminal, two spaces between columns, a rule under the titles. Chinese characters take two
 * columns, as terminals show them. A row that is undefined becomes a rule.
 */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[] | undefined)[],
): string[] {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, index) =>
    Math.max(...[titles, ...rows].map((row) => displayWidth(row?.[index] ?? ''))),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('──');
  const lineOf = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => pad(cells[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd();
  return [lineOf(titles), rule, ...rows.map((row) => (row === undefined ? rule : lineOf(row)))];
}

// East Asian Wide and Fullwidth of Unicode 16 as far as Chinese text uses them: CJK, Kana, Hangul, fullwidth forms.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{20000}-\u{3fffd}]/u;

/** How many terminal columns a text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

function pad(text: string, width: number, align: TableColumn['align'] = 'left'): string {
  const filling = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? filling + text : text + filling;
}
