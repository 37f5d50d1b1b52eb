import type { HeapFlags } from './v8-heap.ts';

/** What Node was told at its start, as far as the doctor asks. */
export interface NodeFlags extends HeapFlags {
  /** Where a debugger may connect: `127.0.0.1:9229`; undefined where none was asked for. */
  readonly inspector: string | undefined;
  /** Whether the program restarts when a file changes. */
  readonly watches: boolean;
}

/** Flags whose value is the next word; what follows the others is the script. */
const WITH_VALUE = new Set([
  ...['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions'],
  ...['--title', '--inspect-port', '--env-file', '--icu-data-dir', '-e', '--eval', '-p', '--print'],
]);
const DEFAULT_INSPECTOR_PORT = '9229';

/** The words between the program and its script. */
export function flagWords(commandLine: readonly string[]): readonly string[] {
  const words = commandLine.slice(1);
  let at = 0;
  while (at < words.length && words[at]?.startsWith('-') === true)
    at += WITH_VALUE.has(words[at] ?? '') ? 2 : 1;
  return words.slice(0, at);
}

/** The script, and what it was given. */
export function scriptWords(commandLine: readonly string[]): readonly string[] {
  return commandLine.slice(1 + flagWords(commandLine).length);
}

/** `NODE_OPTIONS`, in which a value with spaces stands in double quotes. */
export function wordsOfOptions(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"]|"(?:\\.|[^"\\])*")+/g) ?? [];
  return words.map((word) => word.replaceAll('"', ''));
}

/** Later words count more: those of the command line stand after those of `NODE_OPTIONS`. V8 takes `_` for `-`. */
export function parseNodeFlags(words: readonly string[]): NodeFlags {
  const values = new Map<string, string>();
  for (const word of words) {
    const [, name = '', value = ''] = /^--([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name !== '') values.set(name.replaceAll('_', '-'), value);
  }
  const amount = (name: string) => {
    const number = Number.parseFloat(values.get(name) ?? '');
    // Zero is V8's own choice.
    return Number.isNaN(number) || number <= 0 ? undefined : number;
  };
  return {
    oldSpaceMb: amount('max-old-space-size'),
    semiSpaceMb: amount('max-semi-space-size'),
    percentage: amount('max-old-space-size-percentage'),
    inspector: inspectorOf(values),
    watches: values.has('watch') || values.has('watch-path'),
  };
}

/** `--inspect=0.0.0.0`, `--inspect=9230`, `--inspect-brk`; `--inspect-port` alone opens nothing. */
function inspectorOf(values: ReadonlyMap<string, string>): string | undefined {
  const open = ['inspect', 'inspect-brk', 'inspect-wait'].find((name) => values.has(name));
  if (open === undefined) return undefined;
  const told = values.get(open) ?? '';
  const value = told === '' ? (values.get('inspect-port') ?? '') : told;
  if (/^\d*$/.test(value)) return `127.0.0.1:${value === '' ? DEFAULT_INSPECTOR_PORT : value}`;
  return /:\d+$/.test(value) && !/^[\da-f:]*::[\da-f:]*$/i.test(value)
    ? value
    : `${value}:${DEFAULT_INSPECTOR_PORT}`;
}
