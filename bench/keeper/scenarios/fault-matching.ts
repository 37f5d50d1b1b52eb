import type { Milliseconds } from '@maque/kit';
import type { NewsItem } from '../contenders/contender.ts';
import type { FaultKind } from './fault-plan.ts';

/** A fault that was done. */
export interface DoneFault {
  readonly kind: FaultKind;
  /** Epoch milliseconds. */
  readonly atMs: Milliseconds;
  /** The worker it was done to; null for what all of them suffer. */
  readonly pid: number | null;
}

/** What the supervisor has to have told of each kind: that it happened to this worker, and why it mattered. */
const EXPECTED: Readonly<Record<FaultKind, ((item: NewsItem) => boolean) | null>> = {
  kill: (item) => exitCauseOf(item) === 'KILLED',
  'heap-leak': isOfMemory,
  'buffer-leak': isOfMemory,
  'short-hang': isOfHang,
  'endless-hang': isOfHang,
  // Nobody has to be told of load, nor of a disk that is full while nothing is written.
  'load-burst': null,
  'full-disk': null,
};

/** Faults of which the supervisor told nothing that names their cause. */
export function unexplained(faults: readonly DoneFault[], news: readonly NewsItem[]): readonly DoneFault[] {
  const told = withPids(news);
  return faults.filter(({ kind, atMs, pid }) => {
    const expected = EXPECTED[kind];
    if (expected === null || pid === null) return false;
    return !told.some(({ item, pids }) => item.atMs >= atMs && pids.includes(pid) && expected(item));
  });
}

function isOfMemory(item: NewsItem): boolean {
  const { code, data } = item;
  if (code === 'RECYCLE_STARTED') return data.reason === 'leak' || data.reason === 'memory';
  return (
    code === 'WORKER_OVER_MEMORY' || code === 'WORKER_AUTOPSIED' || exitCauseOf(item) === 'HEAP_EXHAUSTED'
  );
}

function isOfHang(item: NewsItem): boolean {
  return item.code === 'WORKER_BLOCKED' || item.code === 'WORKER_HUNG' || exitCauseOf(item) === 'HUNG';
}

function exitCauseOf({ code, data }: NewsItem): string | undefined {
  if (code !== 'WORKER_EXITED') return undefined;
  return (data.exit as { readonly cause?: string } | undefined)?.cause;
}

interface Told {
  readonly item: NewsItem;
  readonly pids: readonly number[];
}

/** Names of workers are used again, so each is who was last started by that name. */
function withPids(news: readonly NewsItem[]): readonly Told[] {
  const pidOf = new Map<string, number>();
  return news.map((item) => {
    const { worker, workers, pid } = item.data;
    if (item.code === 'WORKER_STARTED') pidOf.set(String(worker), Number(pid));
    const names = [worker, ...(typeof workers === 'string' ? workers.split(', ') : [])];
    const pids = names.flatMap((name) => pidOf.get(String(name)) ?? []);
    return { item, pids: typeof pid === 'number' ? [pid, ...pids] : pids };
  });
}
