import { type Bytes, KiB, MiB } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';
import type { NodeProcess } from './node-processes.ts';
import { pathSeenBy } from './program-version.ts';

/** A file of an app that somebody wrote, and what is in it. */
export interface AppSource {
  readonly path: string;
  readonly text: string;
}

/** Where small apps keep their code, below the folder that they run in. */
const FOLDERS = [
  ...['', 'src', 'lib', 'dist', 'app', 'server', 'config', 'utils', 'src/utils', 'src/lib', 'src/config'],
  ...['monitor', 'monitoring', 'scripts', 'src/monitor', 'src/monitoring', 'plugins', 'middleware'],
];
const SCRIPT = /\.[cm]?[jt]s$/;
// This is a look, not a search, and the doctor itself is to stay small.
const MOST_APPS = 8;
const MOST_FILES_EACH = 60;
const MOST_FILE_BYTES: Bytes = 256 * KiB;
const MOST_BYTES_TOGETHER: Bytes = 8 * MiB;

/** What Node apps do is only told by their code. Absent where no app's folder has any. */
export async function readAppSources(
  host: Host,
  processes: readonly NodeProcess[],
): Promise<Reading<ReadonlyMap<NodeProcess, readonly AppSource[]>>> {
  const folders = new Map<string, NodeProcess>();
  let refused: Reading<never> | undefined;
  for (const node of processes.filter(({ role }) => role === 'app')) {
    const folder = await host.follow(`/proc/${node.process.pid}/cwd`);
    if (folder.kind === 'value' && folder.value !== '/')
      folders.set(pathSeenBy(node.process, folder.value), node);
    if (folder.kind === 'unreadable') refused = folder;
  }
  const sources = new Map<NodeProcess, readonly AppSource[]>();
  let left = MOST_BYTES_TOGETHER;
  for (const [folder, node] of [...folders].slice(0, MOST_APPS)) {
    const found = await readFolder(host, folder, left);
    left -= found.reduce((sum, { text }) => sum + text.length, 0);
    if (found.length > 0) sources.set(node, found);
  }
  if (sources.size > 0) return { kind: 'value', value: sources };
  return refused ?? { kind: 'absent' };
}

async function readFolder(host: Host, root: string, mostBytes: Bytes): Promise<readonly AppSource[]> {
  const found: AppSource[] = [];
  let left = mostBytes;
  for (const folder of FOLDERS) {
    const path = folder === '' ? root : `${root}/${folder}`;
    const names = await host.list(path);
    if (names.kind !== 'value') continue;
    for (const name of names.value.filter((one) => SCRIPT.test(one)).toSorted()) {
      if (found.length >= MOST_FILES_EACH) return found;
      const file = await host.stat(`${path}/${name}`);
      if (file.kind !== 'value' || file.value.kind !== 'file') continue;
      if (file.value.bytes > Math.min(MOST_FILE_BYTES, left)) continue;
      left -= file.value.bytes;
      const text = await host.read(`${path}/${name}`);
      if (text.kind === 'value') found.push({ path: `${path}/${name}`, text: text.value });
    }
  }
  return found;
}

/** The first line of code that fits, with its number; comments are not code. */
export function findLine(
  text: string,
  pattern: RegExp,
): { readonly number: number; readonly line: string } | undefined {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => !/^\s*(\/\/|\*|\/\*|#)/.test(line) && pattern.test(line));
  return index < 0 ? undefined : { number: index + 1, line: lines[index]?.trim() ?? '' };
}
