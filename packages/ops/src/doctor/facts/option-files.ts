import type { Host } from '../host/host.ts';

/** A line of an option file of MariaDB or MySQL, or of what it includes. */
export interface OptionLine {
  readonly group: string;
  /** With `_` for `-`; `skip_` and `loose_` are still there. */
  readonly name: string;
  /** Empty where only the name stands. */
  readonly value: string;
  readonly path: string;
}

export interface OptionFiles {
  readonly lines: readonly OptionLine[];
  /** Files that were read. */
  readonly paths: readonly string[];
  /** Files and folders that are there and may not be read. */
  readonly refused: readonly string[];
}

const MOST_FILES = 64;
const MOST_DEPTH = 8;

/** Reads option files in their order, with `!include` and `!includedir`; later lines count more. */
export async function readOptionFiles(host: Host, paths: readonly string[], root = ''): Promise<OptionFiles> {
  const lines: OptionLine[] = [];
  const read: string[] = [];
  const refused: string[] = [];
  const readOne = async (path: string, depth: number): Promise<void> => {
    if (depth > MOST_DEPTH || read.length >= MOST_FILES || read.includes(path)) return;
    const text = await host.read(`${root}${path}`);
    if (text.kind === 'unreadable') refused.push(path);
    if (text.kind !== 'value') return;
    read.push(path);
    let group = '';
    for (const line of text.value.split('\n').map((one) => one.trim())) {
      const [, word, target = ''] = /^!(include|includedir)\s+(.+)$/.exec(line) ?? [];
      if (word === 'include') await readOne(target, depth + 1);
      if (word === 'includedir') await readFolder(target, depth + 1);
      group = /^\[(.+)\]/.exec(line)?.[1]?.trim() ?? group;
      const option = optionOf(line);
      if (option !== undefined) lines.push({ group, ...option, path });
    }
  };
  const readFolder = async (folder: string, depth: number): Promise<void> => {
    const path = folder.replace(/\/$/, '');
    const names = await host.list(`${root}${path}`);
    if (names.kind === 'unreadable') refused.push(path);
    if (names.kind !== 'value') return;
    for (const name of names.value.filter((one) => one.endsWith('.cnf')).toSorted())
      await readOne(`${path}/${name}`, depth);
  };
  for (const path of paths) await readOne(path, 0);
  return { lines, paths: read, refused };
}

/** `max-connections = 100 # why`, `skip-networking`. Quotes are taken off. */
export function optionOf(line: string): { readonly name: string; readonly value: string } | undefined {
  const match = /^(?:--)?([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/.exec(line.replace(/\s+#.*$/, '').trim());
  if (match?.[1] === undefined) return undefined;
  const value = (match[2] ?? '').trim().replace(/^(['"])(.*)\1$/, '$2');
  return { name: match[1].replaceAll('-', '_'), value };
}
