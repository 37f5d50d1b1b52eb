import type { Text } from '@maque/kit';
import type { BoxPlan } from '../box/box-plan.ts';
import type { PlanRequest } from '../box/box-request.ts';
import type { Capacity, Demand } from './capacity.ts';

/** Least work first. */
export const UPGRADE_CODES = [
  'MORE_BANDWIDTH',
  'FILES_OUT',
  'MORE_MEMORY',
  'DATABASE_OUT',
  'SECOND_BOX',
  'SERVERLESS',
] as const;
export type UpgradeCode = (typeof UPGRADE_CODES)[number];

/** Something to change in the app or around it before the upgrade counts. */
export interface UpgradeNeed {
  readonly text: Text;
  /** Settings of Maque that say it, by their variables; empty where it is not a setting. */
  readonly settings: readonly string[];
}

/** A way to change what is asked of the boxes; without it being planned yet. */
export interface UpgradeCandidate {
  readonly code: UpgradeCode;
  readonly title: Text;
  readonly needs: readonly UpgradeNeed[];
  /** Of one of the boxes. */
  readonly request: PlanRequest;
  /** Boxes of this kind that share the load. */
  readonly boxes: number;
  /** Whether all boxes stand behind one line of the same bandwidth, as behind a balancer. */
  readonly sharedLine: boolean;
  /** Lighter upgrades that are part of it: it must buy more than each of them alone. */
  readonly includes: readonly UpgradeCode[];
}

/** An upgrade with what it buys, from a plan of its own. */
export interface Upgrade extends Omit<UpgradeCandidate, 'sharedLine' | 'includes'> {
  readonly plan: BoxPlan;
  readonly demand: Demand;
  /** Of all boxes together. */
  readonly capacity: Capacity;
  /** More than now; the whole where nothing fits now. */
  readonly buys: { readonly dau: number; readonly qps: number; readonly sockets: number };
}
