import { stripVTControlCharacters } from 'node:util';

// All control characters but the tab.
const CONTROL = /(?!\t)\p{Cc}/u;
const EACH_CONTROL = new RegExp(CONTROL, 'gu');

/**
 * A line as it may stand in a file and be shown in a terminal again: without colours and other commands to a terminal;
 * of a progress bar that writes over itself what it said last; any other control character visible, as `\x07`.
 */
export function cleanLine(text: string): string {
  // Nearly every line is clean already.
  if (!CONTROL.test(text)) return text;
  const plain = stripVTControlCharacters(text).replace(/\r+$/, '');
  const last = plain.slice(plain.lastIndexOf('\r') + 1);
  return last.replace(
    EACH_CONTROL,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
