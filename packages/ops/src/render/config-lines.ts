import { type Language, say, type Text } from '@maque/kit';
import { remarkOn } from './comment-numbers.ts';
import type { Meaning } from './meaning.ts';

/** Lines of a configuration file that belong together, with what stands above them as a comment. */
export interface ConfigLines {
  /** Why it is so. */
  readonly note?: Text;
  /** What the number in it means, and how it came about. */
  readonly meaning?: Meaning;
  readonly formula?: string;
  readonly lines: readonly string[];
}

/** `head { … }`, as nginx has it. */
export interface ConfigBlock {
  readonly note?: Text;
  readonly head: string;
  readonly entries: readonly ConfigEntry[];
}

/** `null` is an empty line. */
export type ConfigEntry = string | null | ConfigLines | ConfigBlock;

/** A line with a number, and the remark on it. */
export function numbered(meaning: Meaning, formula: string, ...lines: readonly string[]): ConfigLines {
  return { meaning, formula, lines };
}

/** Lines that were chosen without a number, and why. */
export function because(note: Text, ...lines: readonly string[]): ConfigLines {
  return { note, lines };
}

export function block(head: string, entries: readonly ConfigEntry[], note?: Text): ConfigBlock {
  return note === undefined ? { head, entries } : { head, entries, note };
}

const INDENT = '    ';

/** The text of a file whose comments begin with `#`. */
export function writeConfig(entries: readonly ConfigEntry[], language: Language): string {
  return `${entries.flatMap((entry) => textOf(entry, language)).join('\n')}\n`;
}

function textOf(entry: ConfigEntry, language: Language): readonly string[] {
  if (entry === null) return [''];
  if (typeof entry === 'string') return [entry];
  const note = entry.note === undefined ? [] : say(entry.note, language).split('\n');
  if ('head' in entry) {
    const inside = entry.entries.flatMap((one) => textOf(one, language));
    return [
      ...note.map(comment),
      `${entry.head} {`,
      ...inside.map((line) => (line === '' ? '' : INDENT + line)),
      '}',
    ];
  }
  const { meaning, formula = '' } = entry;
  const remark = meaning === undefined ? [] : [remarkOn({ meaning, formula }, language)];
  return [...remark.map(comment), ...note.map(comment), ...entry.lines];
}

function comment(line: string): string {
  return `# ${line}`;
}
