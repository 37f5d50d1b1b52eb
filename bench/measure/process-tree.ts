import { readdirSync, readFileSync } from 'node:fs';
import type { Bytes } from '@maque/kit';
import { KiB } from '@maque/kit';

/** CPU time and memory of a process tree, summed over its processes. */
export interface TreeMemory {
  readonly rss: Bytes;
  /** Proportional set size: pages shared between processes are counted once. */
  readonly pss: Bytes;
}

/** Linux tells times in ticks of 1/100 s on every platform that Node runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** The living processes under the roots, roots included. */
export function treeOf(roots: readonly number[]): readonly number[] {
  const found = new Set<number>();
  const visit = (pid: number): void => {
    if (found.has(pid) || !isAlive(pid)) return;
    found.add(pid);
    for (const child of childrenOf(pid)) visit(child);
  };
  for (const root of roots) visit(root);
  return [...found];
}

/**
 * Seconds of CPU that the trees have used since they began: user and system time of what lives, and of children that
 * have ended and been waited for, which the kernel adds to their parent. Resolution 10 ms a process.
 */
export function treeCpuSeconds(roots: readonly number[]): number {
  return treeOf(roots).reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

export function treeMemory(roots: readonly number[]): TreeMemory {
  let rss = 0;
  let pss = 0;
  for (const pid of treeOf(roots)) {
    const rollup = readProc(pid, 'smaps_rollup');
    rss += sizeIn(rollup, 'Rss');
    pss += sizeIn(rollup, 'Pss');
  }
  return { rss, pss };
}

function cpuSeconds(pid: number): number {
  // Fields are counted from behind the name, which may itself hold spaces and parentheses: proc(5), fields 14–17.
  const fields = statFields(pid);
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
  return ticks / TICKS_PER_SECOND;
}

function isAlive(pid: number): boolean {
  const [state] = statFields(pid);
  return state !== undefined && state !== 'Z' && state !== 'X';
}

function statFields(pid: number): readonly string[] {
  const stat = readProc(pid, 'stat');
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function childrenOf(pid: number): readonly number[] {
  return threadsOf(pid).flatMap((thread) =>
    readProc(pid, `task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // it has just ended
  }
}

function sizeIn(rollup: string, name: string): Bytes {
  const match = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(rollup);
  return match === null ? 0 : Number(match[1]) * KiB;
}

/** A file of a process, empty when the process has ended meanwhile. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
