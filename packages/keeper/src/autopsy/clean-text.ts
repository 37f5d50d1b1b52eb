import { stripVTControlCharacters } from 'node:util';

// Control and format characters (what reorders or hides text among them) and the line ends that only some readers know;
// the line feed is kept.
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Makes a text of another process fit for a terminal, a log and a web page: no terminal escapes, no control characters,
 * no tags, and cut.
 */
export function cleanText(text: string, maxLength: number, shape: 'one line' | 'lines' = 'one line'): string {
  const plain = stripVTControlCharacters(text.slice(0, 2 * maxLength))
    .replace(INVISIBLE, '')
    .replaceAll('<', '‹')
    .replaceAll('>', '›');
  return (shape === 'lines' ? plain : plain.replaceAll('\n', ' ')).slice(0, maxLength).toWellFormed();
}
