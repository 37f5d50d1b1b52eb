import type { Kill, MemoryShare } from './kill.ts';
import { plausibleKb } from './plausible-size.ts';

/** One process as the kernel lists it before it chooses. */
export interface Task {
  readonly pid: number;
  readonly name: string;
  readonly residentKb: number;
  readonly swappedKb: number;
}

/** Where the numbers stand behind the pid; `swap` is undefined where the kernel did not print it. */
interface Columns {
  readonly count: number;
  readonly resident: number;
  readonly swap: number | undefined;
}

/** Kernels count in pages of 4 KiB on every machine that such a box is (x86-64, and arm64 as clouds configure it). */
const PAGE_KB = 4;
const HEADER = /^\[\s*pid\s*\]\s+uid\s+tgid\s+(.*\S)\s+name$/;
const ROW = /^\[\s*(\d{1,10})\]\s+(.*)$/;
/** 3.10 and later, until 6.8 told anonymous pages apart: uid tgid total_vm rss nr_ptes|pgtables swapents oom_score_adj. */
const USUAL: Columns = { count: 7, resident: 3, swap: 5 };
/** 4.x with page tables of two kinds, and 6.8 with resident memory in four columns. */
const BY_COUNT: ReadonlyMap<number, Columns> = new Map([
  [7, USUAL],
  [8, { count: 8, resident: 3, swap: 6 }],
  [10, { count: 10, resident: 3, swap: 8 }],
]);

/** The columns that a header names; undefined when the line is no header. */
export function columnsOf(text: string): Columns | undefined {
  const match = HEADER.exec(text);
  if (match === null) return undefined;
  const names = ['uid', 'tgid', ...(match[1] ?? '').split(/\s+/)];
  const resident = names.indexOf('rss');
  const swap = names.indexOf('swapents');
  return resident === -1
    ? undefined
    : { count: names.length, resident, swap: swap === -1 ? undefined : swap };
}

/**
 * A row of the table; undefined when the line is none. The name is what stands behind the last number, whatever is in it.
 * @param columns of the header above; without one they are told by their number.
 */
export function taskOf(text: string, columns: Columns | undefined): Task | undefined {
  const match = ROW.exec(text);
  if (match === null) return undefined;
  const rest = match[2] ?? '';
  const numbers = /^(?:-?\d{1,20}\s+)+/.exec(rest)?.[0] ?? '';
  const values = numbers.trim().split(/\s+/);
  const known = columns ?? columnsByCount(values);
  if (known === undefined || values.length < known.count) return undefined;
  // A name may begin with digits too, so the header's count decides where it starts.
  const name = rest.replace(new RegExp(`^(?:-?\\d+\\s+){${known.count}}`), '').trimEnd();
  if (name === '') return undefined;
  return {
    pid: Number(match[1]),
    name,
    residentKb: pages(values[known.resident]),
    swappedKb: known.swap === undefined ? 0 : pages(values[known.swap]),
  };
}

function columnsByCount(values: readonly string[]): Columns | undefined {
  return BY_COUNT.get(values.length) ?? BY_COUNT.get([10, 8, 7].find((count) => values.length > count) ?? 0);
}

/** A negative count is 2.6.32's oom_adj in that place. */
function pages(text: string | undefined): number {
  const count = Number(text);
  return plausibleKb(count * PAGE_KB) ?? 0;
}

/** Memory by name, largest first. */
export function sharesOf(tasks: Iterable<Task>): MemoryShare[] {
  const shares = new Map<string, { processes: number; residentKb: number; swappedKb: number }>();
  for (const { name, residentKb, swappedKb } of tasks) {
    const share = shares.get(name) ?? { processes: 0, residentKb: 0, swappedKb: 0 };
    share.processes += 1;
    share.residentKb += residentKb;
    share.swappedKb += swappedKb;
    shares.set(name, share);
  }
  return Array.from(shares, ([name, share]) => ({ name, ...share })).sort(
    (a, b) => memoryOf(b) - memoryOf(a),
  );
}

type Table = Pick<Kill, 'memory' | 'memoryLeftOut'>;

/** The largest of a table one by one, and of the others what they had together. */
export function inShort<Told extends Table>(table: Told, most: number): Told {
  const { memory, memoryLeftOut } = table;
  if (memory.length <= most) return table;
  return {
    ...table,
    memory: memory.slice(0, most),
    memoryLeftOut: memory.slice(most).reduce(
      (sum, share) => ({
        programs: sum.programs + 1,
        residentKb: sum.residentKb + share.residentKb,
        swappedKb: sum.swappedKb + share.swappedKb,
      }),
      memoryLeftOut,
    ),
  };
}

export function memoryOf({ residentKb, swappedKb }: Pick<MemoryShare, 'residentKb' | 'swappedKb'>): number {
  return residentKb + swappedKb;
}
