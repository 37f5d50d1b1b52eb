import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
import { checkRequest } from '../box/check-request.ts';
import { planBox } from '../box/plan-box.ts';
import { type Capacity, MOST_DAU } from './capacity.ts';
import { capacityOf } from './capacity-of.ts';
import { heldByDatabase } from './database-elsewhere.ts';
import { demandOf } from './demand-of.ts';
import { severalBoxes } from './several-boxes.ts';
import { UPGRADE_CODES, type Upgrade, type UpgradeCandidate } from './upgrade.ts';
import { upgradeCandidates } from './upgrade-candidates.ts';

const SHOWN = 3;
// What buys less than a twentieth is within the error of the sum.
const LEAST_GAIN = 1.05;

/**
 * The three upgrades that buy most users of a day, each from a plan of its own, the least work first. For what does not fit:
 * the upgrades with which it fits.
 */
export function nextUpgrades(plan: BoxPlan | BoxMisfit): readonly Upgrade[] {
  const now = plan.fits ? capacityOf(plan, demandOf(plan.request)) : undefined;
  const all = upgradeCandidates(plan.request).flatMap((candidate) => bought(candidate, now) ?? []);
  const dauOf = ({ upgrade }: Bought) => Math.min(upgrade.capacity.dau, MOST_DAU);
  const isWorth = (each: Bought) =>
    each.includes.every((code) => {
      const part = all.find(({ upgrade }) => upgrade.code === code);
      return part === undefined || dauOf(each) > dauOf(part) * LEAST_GAIN;
    });
  return all
    .filter((each) => (now === undefined || dauOf(each) > now.dau * LEAST_GAIN) && isWorth(each))
    .sort((one, other) => dauOf(other) - dauOf(one))
    .slice(0, SHOWN)
    .map(({ upgrade }) => upgrade)
    .sort((one, other) => UPGRADE_CODES.indexOf(one.code) - UPGRADE_CODES.indexOf(other.code));
}

interface Bought extends Pick<UpgradeCandidate, 'includes'> {
  readonly upgrade: Upgrade;
}

function bought(candidate: UpgradeCandidate, now: Capacity | undefined): Bought | undefined {
  // Twice the largest that there is does not exist.
  if (checkRequest(candidate.request).length > 0) return undefined;
  const plan = planBox(candidate.request);
  if (!plan.fits) return undefined;
  const demand = demandOf(plan.request);
  const { sharedLine, includes, ...upgrade } = candidate;
  const several = severalBoxes(capacityOf(plan, demand), candidate.boxes, sharedLine);
  const capacity = heldByDatabase(several, demand, plan.request);
  const buys = {
    dau: gain(capacity.dau, now?.dau),
    qps: gain(capacity.qps, now?.qps),
    sockets: gain(capacity.sockets, now?.sockets),
  };
  return { includes, upgrade: { ...upgrade, plan, demand, capacity, buys } };
}

/** From one to the other; what had no bound before cannot grow. */
function gain(after: number, before = 0): number {
  return after === before ? 0 : after - before;
}
