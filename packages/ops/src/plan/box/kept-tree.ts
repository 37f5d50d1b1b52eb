import type { Bytes } from '@maque/kit';
import { allocate } from '../allocate.ts';
import type { Budget } from '../budget.ts';
import { reserveBytes } from '../components/reserve.ts';
import { leastBudgetBytes, mostUsefulBudgetBytes } from '../least-plan.ts';
import type { PlanWishes } from '../wishes.ts';
import { wholeMiB } from './part.ts';
import type { PlannedLine } from './planned-line.ts';
import type { ServiceDemand } from './service-model.ts';

/** A keeper with its workers. What it gets is worked out by the function that starts it, so both give the same numbers. */
export interface KeptTree {
  /** Unique in the plan. */
  readonly name: string;
  /** What the command that starts it is told; its memory only where that is not the plan's to choose. */
  readonly wishes: PlanWishes;
  /** As many workers as it runs where nobody says how many. */
  readonly mostUntoldWorkers: number;
  readonly cores: number;
}

/** The least budget that the wishes run in. */
export function leastTreeBytes(wishes: PlanWishes): Bytes {
  return leastBudgetBytes(wishes, wishes.workers ?? 1);
}

export function demandOfTree({ wishes, mostUntoldWorkers }: KeptTree): ServiceDemand {
  const most = wishes.workers ?? mostUntoldWorkers;
  return {
    floorBytes: wishes.memoryBytes ?? leastTreeBytes(wishes),
    ceilingBytes: wishes.memoryBytes ?? mostUsefulBudgetBytes(wishes, most),
    weight: 50,
    keptBackBytes: reserveBytes(leastTreeBytes(wishes)),
  };
}

/** As many workers as fit, and the sum that they are started with. */
export function budgetOfTree(tree: KeptTree, offeredBytes: Bytes): Budget {
  const { name, wishes, cores } = tree;
  const memoryBytes = wishes.memoryBytes ?? wholeMiB(offeredBytes);
  const facts = { memoryBytes, bound: 'cgroup-v2', cores } as const;
  const most = wishes.workers ?? tree.mostUntoldWorkers;
  for (let workers = most; workers >= (wishes.workers ?? 1); workers -= 1) {
    const budget = allocate(facts, { ...wishes, memoryBytes, workers });
    if (budget.fits) return budget;
  }
  throw new RangeError(`${name} was offered less than its floor`);
}

/** The terms of its own sum, as terms of the sum of the box. */
export function linesOfTree({ name }: KeptTree, { lines }: Budget): readonly PlannedLine[] {
  return lines.map((line) => ({ ...line, service: name, errorBytes: 0 }));
}
