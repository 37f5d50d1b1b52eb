/** Lines that differ, with some around them, as `diff -u` shows them without its headers. */
const CONTEXT = 3;
/** Beyond it the common lines would take seconds to find: all is shown as replaced. */
const MOST_LINES = 2_000;

interface DiffLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** What changes between two texts, line by line: `-` goes, `+` comes, `…` stands for what stays as it is. */
export function lineDiff(before: string, after: string): string[] {
  const lines = compare(linesOf(before), linesOf(after));
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ mark }) => mark !== ' ');
  const shown: string[] = [];
  let isSkipping = false;
  for (const [index, { mark, text }] of lines.entries()) {
    if (isNear(index)) shown.push(`${mark}${text}`);
    else if (!isSkipping) shown.push('…');
    isSkipping = !isNear(index);
  }
  return shown;
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function compare(before: readonly string[], after: readonly string[]): DiffLine[] {
  const gone = (lines: readonly string[]) => lines.map((text): DiffLine => ({ mark: '-', text }));
  const come = (lines: readonly string[]) => lines.map((text): DiffLine => ({ mark: '+', text }));
  if (before.length > MOST_LINES || after.length > MOST_LINES) return [...gone(before), ...come(after)];
  const common = commonLengths(before, after);
  const lines: DiffLine[] = [];
  let [from, to] = [0, 0];
  while (from < before.length && to < after.length) {
    const [old = '', fresh = ''] = [before[from], after[to]];
    if (old === fresh) {
      lines.push({ mark: ' ', text: old });
      from += 1;
      to += 1;
    } else if ((common[from + 1]?.[to] ?? 0) >= (common[from]?.[to + 1] ?? 0)) {
      lines.push({ mark: '-', text: old });
      from += 1;
    } else {
      lines.push({ mark: '+', text: fresh });
      to += 1;
    }
  }
  return [...lines, ...gone(before.slice(from)), ...come(after.slice(to))];
}

/** At `[i][j]` how many lines the rest of both from there have in common, in order. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly Uint16Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let from = before.length - 1; from >= 0; from -= 1) {
    const [row, below] = [rows[from], rows[from + 1]];
    if (row === undefined || below === undefined) continue;
    for (let to = after.length - 1; to >= 0; to -= 1) {
      const longest = Math.max(below[to] ?? 0, row[to + 1] ?? 0);
      row[to] = before[from] === after[to] ? (below[to + 1] ?? 0) + 1 : longest;
    }
  }
  return rows;
}
