import { type Milliseconds, SECOND } from '@maque/kit';
import type { VerdictCode, WorkerVerdict } from './box-decision.ts';
import { roomOf } from './box-room.ts';
import type { BoxView, WorkerView } from './box-view.ts';

/** Within its budget a worker may grow as fast as it likes: the plan has counted all of it. */
export function isOverBudget({ growth, budgetBytes }: WorkerView): boolean {
  return growth.bytes > budgetBytes;
}

/** How fast workers grow that no budget bounds any more, together. */
export function growthOverBudget(view: BoxView): number {
  const culprits = view.workers.filter(isOverBudget);
  return culprits.reduce((sum, { growth }) => sum + Math.max(0, growth.rateLasting), 0);
}

/** The one that is furthest beyond its budget by the time that something is done about it: by its size and its pace. */
export function worstOf(workers: readonly WorkerView[], withinMs: Milliseconds): WorkerView | undefined {
  const overshoot = ({ growth, budgetBytes }: WorkerView) =>
    growth.bytes + (growth.rateNow * withinMs) / SECOND - budgetBytes;
  return [...workers].sort((a, b) => overshoot(b) - overshoot(a))[0];
}

export function verdictOn(
  { id, growth, budgetBytes }: WorkerView,
  code: VerdictCode,
  view: BoxView,
): WorkerVerdict {
  const bytesPerSecond = code === 'limit' ? growth.rateNow : growth.rateLasting;
  return { worker: id, code, bytes: growth.bytes, budgetBytes, bytesPerSecond, roomBytes: roomOf(view) };
}
