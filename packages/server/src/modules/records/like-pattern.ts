/**
 * Patterns of `like`: `%` stands for any text, everything else for itself; ASCII letters match in either case, as in
 * every database we run on.
 */

/** The character that escapes in the SQL we make; a backslash is read differently by every engine. */
export const LIKE_ESCAPE = '!';

/** A pattern for SQL's `like … escape '!'`, in which `_` and `!` stand for themselves. */
export function toSqlPattern(pattern: string): string {
  return pattern.replace(/[!_]/g, (special) => `${LIKE_ESCAPE}${special}`);
}

/** Whether a text fits a pattern. Takes time in proportion to both lengths: pieces are looked for from left to right. */
export function likeMatches(pattern: string, text: string): boolean {
  const pieces = foldAscii(pattern).split('%');
  const folded = foldAscii(text);
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return folded === first;
  const last = pieces.at(-1) ?? '';
  if (!folded.startsWith(first) || !folded.endsWith(last)) return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = folded.indexOf(piece, from);
    if (found === -1) return false;
    from = found + piece.length;
  }
  return from + last.length <= folded.length;
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
