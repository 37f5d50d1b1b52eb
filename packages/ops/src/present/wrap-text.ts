import { displayWidth } from './display-width.ts';

const HAN = '\u2e80-\u3000\u3005-\u3007\u3012-\ua4cf\uf900-\ufaff\u{20000}-\u{3fffd}';
const CLOSING = '、。》」』】\uff01\uff09\uff0c\uff1a\uff1b\uff1f';
// Chinese is broken between any two characters, but no line begins with what closes, nor ends with what opens.
const PIECE = new RegExp(
  String.raw`\s+|[(\uff08《「『【]*[${HAN}][${CLOSING},:;!?)%]*|[^\s${HAN}${CLOSING}]+[${CLOSING}]*|[${CLOSING}]+`,
  'gu',
);

/**
 * A text in lines of at most so many terminal columns, broken between words; a word that is longer than that has a line of
 * its own, whole: a path that is cut cannot be copied.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(PIECE) ?? []) {
    if (line !== '' && displayWidth(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    if (line !== '' || piece.trim() !== '') line += piece;
  }
  return [...lines, line.trimEnd()];
}

/** The same behind something that takes so many columns; lines that go on begin where the first one does. */
export function hangingText(lead: string, leadWidth: number, text: string, width: number): readonly string[] {
  const [first = '', ...more] = wrapText(text, Math.max(1, width - leadWidth));
  return [lead + first, ...more.map((line) => ' '.repeat(leadWidth) + line)];
}
