import type { Host, Reading } from '../host/host.ts';
import type { ProcessFacts } from './processes.ts';

/** A file of a disk that a process has open. */
export interface OpenFile {
  readonly process: ProcessFacts;
  /** `/proc/900/fd/3`. */
  readonly descriptor: string;
  readonly path: string;
  /** It has no name any more, and takes room until it is closed. */
  readonly isDeleted: boolean;
}

export interface OpenFiles {
  readonly files: readonly OpenFile[];
  /** Processes of others, into which only root may look. */
  readonly hidden: number;
}

/** A full nginx has some thousand sockets; files come early. */
const MOST_DESCRIPTORS_EACH = 2_000;
const MOST_DESCRIPTORS = 20_000;
const AT_ONCE = 32;
/** Memory that has the form of a file, and devices. */
const NO_FILE = /^\/(dev|proc|sys|memfd:|SYSV|\[aio\]|anon_hugepage|i915)/;

export async function readOpenFiles(host: Host, processes: readonly ProcessFacts[]): Promise<OpenFiles> {
  const files: OpenFile[] = [];
  let hidden = 0;
  let left = MOST_DESCRIPTORS;
  for (const process of processes) {
    const folder = `/proc/${process.pid}/fd`;
    const names = await host.list(folder);
    if (names.kind === 'unreadable') hidden += 1;
    if (names.kind !== 'value') continue;
    const numbers = names.value.slice(0, Math.min(MOST_DESCRIPTORS_EACH, left));
    left -= numbers.length;
    for (let from = 0; from < numbers.length; from += AT_ONCE) {
      const batch = numbers.slice(from, from + AT_ONCE).map((number) => `${folder}/${number}`);
      const targets = await Promise.all(batch.map((descriptor) => host.follow(descriptor)));
      for (const [at, target] of targets.entries()) {
        const file = openFile(process, batch[at] ?? '', target);
        if (file !== undefined) files.push(file);
      }
    }
  }
  return { files, hidden };
}

function openFile(process: ProcessFacts, descriptor: string, target: Reading<string>): OpenFile | undefined {
  if (target.kind !== 'value' || !target.value.startsWith('/') || NO_FILE.test(target.value))
    return undefined;
  const path = target.value.replace(/ \(deleted\)$/, '');
  return { process, descriptor, path, isDeleted: path !== target.value };
}
