import { type Bytes, GiB, MiB } from '@maque/kit';
import type { BudgetBasis, DoesNotFit, SmallestChange } from './budget.ts';
import { lineOf } from './budget-lines.ts';
import { type Component, fixedComponent } from './component.ts';
import { treeComponents, workerComponents } from './component-lists.ts';
import { operatingSystem } from './components/operating-system.ts';
import { limitWithReserve, reserve } from './components/reserve.ts';
import { sumOfCeilings, sumOfFloors } from './spread.ts';
import type { PlanWishes } from './wishes.ts';

// A bigger box than this project is for is not taken whole unless told: others live there too.
export const MOST_UNTOLD_BYTES: Bytes = 2 * GiB;

/** The smallest budget in which so many workers run with every part at its least. */
export function leastBudgetBytes(wishes: PlanWishes, workers: number): Bytes {
  return limitWithReserve(leastUse(wishes, workers));
}

/** The largest budget that so many workers make use of. */
export function mostUsefulBudgetBytes(wishes: PlanWishes, workers: number): Bytes {
  const [tree, each] = [treeComponents(wishes), workerComponents(wishes)];
  return limitWithReserve(sumOfCeilings(tree) + workers * sumOfCeilings(each));
}

/** Why it does not fit, with the whole sum and each single change that would help. */
export function refuse(basis: BudgetBasis, wishes: PlanWishes, workers: number): DoesNotFit {
  const { limitBytes, memoryBytes, osBytes, toldBytes } = basis;
  if (toldBytes !== undefined && osBytes + toldBytes > memoryBytes) {
    const lines = [...(osBytes > 0 ? [operatingSystem()] : []), toldBudget(toldBytes)];
    return refusal(
      basis,
      wishes,
      workers,
      lines.map((line) => lineOf(line, 1)),
      memoryBytes,
    );
  }
  const lines = [
    ...treeComponents(wishes).map((component) => lineOf(component, 1)),
    ...workerComponents(wishes).map((component) => lineOf(component, workers)),
    lineOf(reserve(leastBudgetBytes(wishes, workers) - leastUse(wishes, workers)), 1),
  ];
  return refusal(basis, wishes, workers, lines, limitBytes);
}

function refusal(
  basis: BudgetBasis,
  wishes: PlanWishes,
  workers: number,
  lines: DoesNotFit['lines'],
  availableBytes: Bytes,
): DoesNotFit {
  const neededBytes = lines.reduce((sum, { bytes }) => sum + bytes, 0);
  const changes = changesThatFit(basis, wishes, workers);
  return { fits: false, basis, lines, workers, neededBytes, availableBytes, changes };
}

function changesThatFit(basis: BudgetBasis, wishes: PlanWishes, workers: number): SmallestChange[] {
  const { limitBytes, toldBytes } = basis;
  const room = Math.max(0, basis.memoryBytes - basis.osBytes);
  const least = leastBudgetBytes(wishes, workers);
  const changes: SmallestChange[] = [];
  const fewer = limitBytes <= room ? mostWorkersWithin(limitBytes, wishes, workers - 1) : 0;
  if (fewer > 0) changes.push({ code: 'FEWER_WORKERS', workers: fewer });
  if (least <= room) {
    // Either more than was told (or than is taken untold), or less because the box does not have it.
    changes.push({ code: 'SET_MEMORY', memoryBytes: Math.max(least, wholeMiB(Math.min(limitBytes, room))) });
  }
  const wanted = Math.max(least, toldBytes ?? 0);
  if (wanted > room) {
    const enoughUntold = toldBytes === undefined && least <= MOST_UNTOLD_BYTES;
    const told = enoughUntold || wanted === toldBytes ? undefined : wanted;
    changes.push({ code: 'RAISE_BOUND', memoryBytes: wanted + basis.osBytes, toldBytes: told });
  }
  return changes;
}

function mostWorkersWithin(limitBytes: Bytes, wishes: PlanWishes, most: number): number {
  for (let workers = most; workers >= 1; workers -= 1) {
    if (leastBudgetBytes(wishes, workers) <= limitBytes) return workers;
  }
  return 0;
}

function leastUse(wishes: PlanWishes, workers: number): Bytes {
  return sumOfFloors(treeComponents(wishes)) + workers * sumOfFloors(workerComponents(wishes));
}

function wholeMiB(bytes: Bytes): Bytes {
  return Math.floor(bytes / MiB) * MiB;
}

function toldBudget(bytes: Bytes): Component {
  return fixedComponent({
    code: 'TOLD_BUDGET',
    name: { en: 'budget asked for', zh: '要求的预算' },
    bytes,
    formula: '--memory',
    source: { en: 'as told', zh: '由用户指定' },
  });
}
