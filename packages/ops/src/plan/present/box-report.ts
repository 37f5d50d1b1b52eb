import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
import type { Capacity, Demand, PlanVerdict } from '../load/capacity.ts';
import { capacityOf } from '../load/capacity-of.ts';
import { demandOf } from '../load/demand-of.ts';
import { nextUpgrades } from '../load/next-upgrades.ts';
import type { Upgrade } from '../load/upgrade.ts';
import { verdictOf, verdictOfMisfit } from '../load/verdict-of.ts';

/** A plan with all that follows from it: what every way of showing it begins with. */
export interface BoxReport {
  readonly plan: BoxPlan | BoxMisfit;
  readonly demand: Demand;
  /** Undefined for what does not fit. */
  readonly capacity: Capacity | undefined;
  readonly verdict: PlanVerdict;
  readonly upgrades: readonly Upgrade[];
}

/** Works out what a plan carries, whether it is a good one, and what comes next. Pure. */
export function reportOn(plan: BoxPlan | BoxMisfit): BoxReport {
  const demand = demandOf(plan.request);
  const upgrades = nextUpgrades(plan);
  if (!plan.fits) return { plan, demand, capacity: undefined, verdict: verdictOfMisfit(plan), upgrades };
  const capacity = capacityOf(plan, demand);
  return { plan, demand, capacity, verdict: verdictOf(plan, demand, capacity), upgrades };
}
