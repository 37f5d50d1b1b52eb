// A word, or words, that no reader takes for anything but a string. Everything else is quoted.
const PLAIN = /^[A-Za-z_/](?:[\w./()+-]|[ ](?! ))*(?<! )$/;
// What YAML 1.1 (docker-compose 1, PyYAML) reads as true, false or nothing, and some readers as a number without digits.
const OTHER_TYPE = /^(?:y|n|yes|no|on|off|true|false|null|e\d+)$/i;
// Beyond JSON's own escapes: what YAML does not count as printable or takes for the end of a line.
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** One line that every reader of YAML 1.1 and 1.2 gives back as the same string. */
export function writeString(text: string): string {
  if (PLAIN.test(text) && !OTHER_TYPE.test(text)) return text;
  const escaped = JSON.stringify(text).replace(UNPRINTABLE, escapeCode);
  // Single quotes know no escapes: they suit text that needs none but has double quotes or backslashes of its own.
  const needsEscapes = escaped !== `"${text.replace(/["\\]/g, '\\$&')}"`;
  return !needsEscapes && /["\\]/.test(text) ? `'${text.replaceAll("'", "''")}'` : escaped;
}

/** @throws RangeError for what the readers do not agree on: exponents, infinities. */
export function writeNumber(number: number): string {
  const digits = String(number);
  if (!NUMBER.test(digits)) throw new RangeError(`${digits} cannot be written as a plain number`);
  return digits;
}

/** The lines of a text as a block below `|`, or undefined where only quotes keep it as it is. */
export function writeBlock(text: string): readonly string[] | undefined {
  if (!text.includes('\n') || !isBlockText(text)) return undefined;
  const body = text.replace(/\n+$/, '');
  const ends = text.length - body.length;
  const mark = ends === 0 ? '|-' : ends === 1 ? '|' : '|+';
  const blank = Array.from({ length: Math.max(0, ends - 1) }, () => '');
  return [mark, ...body.split('\n'), ...blank];
}

function isBlockText(text: string): boolean {
  // A first line that is empty or indented would decide the indentation of the block.
  if (/^[\s]/.test(text) || /\r|\t/.test(text) || text.search(UNPRINTABLE) >= 0) return false;
  return !text.split('\n').some((line) => /^\s+$/.test(line) || /\p{Cc}|\p{Cs}/u.test(line));
}

function escapeCode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
