import type { Bytes } from '@maque/kit';
import { type BoxPlan, expectedPeaks, type PeakLoad, planBox } from '@maque/ops/plan';
import type { Workshop } from '../runs/workshop.ts';
import { type Combination, peakLoadOf, requestOf } from './combination.ts';
import { type LoadDone, loadBox } from './load-box.ts';
import type { PrivatePrograms } from './private-programs.ts';
import { type RenderedBox, startRenderedBox } from './rendered-box.ts';
import { type SeenPeaks, ServiceWatch } from './service-watch.ts';
import { type ShopFigures, shopFigures } from './shop-figures.ts';

/** What was foretold of one service, or of all, and what was seen. */
export interface Compared {
  readonly service: string;
  readonly expected: Bytes;
  readonly seen: Bytes;
  readonly budget: Bytes;
}

export interface CombinationResult extends LoadDone {
  readonly combination: Combination;
  readonly services: readonly Compared[];
  readonly inAll: Compared;
  readonly shop: ShopFigures;
  readonly oomKills: number;
}

export interface CombinationMaterial {
  readonly workshop: Workshop;
  readonly programs: PrivatePrograms;
  readonly mariadbTemplate: string;
  readonly seconds: number;
}

/** Plans a box, starts it with the rendered files, loads it, and holds what it took against what was expected. */
export async function runCombination(
  combination: Combination,
  { workshop, programs, mariadbTemplate, seconds }: CombinationMaterial,
): Promise<CombinationResult> {
  const plan = planBox(requestOf(combination));
  if (!plan.fits) throw new Error(`${combination.name} does not fit`);
  return await workshop.withClosing(async (closing) => {
    const folder = workshop.folder('box');
    const material = { plan, folder, node: workshop.node, programs, mariadbTemplate, closing };
    const box = await startRenderedBox(material);
    const watch = new ServiceWatch(box.parts);
    closing.push('watch', () => watch.stop());
    const done = await loadBox(box, combination, seconds, closing);
    const shop = shopFigures(box.shop.dataDir);
    const services = compare(
      plan,
      peakLoadOf(combination, shop.cachedBytes, shop.databaseBytes),
      watch.peaks,
    );
    const inAll = sumOf(services, watch.peaks.inAll);
    return { combination, services, inAll, ...done, shop, oomKills: killsIn(box) };
  });
}

function compare(plan: BoxPlan, told: Partial<PeakLoad>, peaks: SeenPeaks): readonly Compared[] {
  const expected = new Map(expectedPeaks(plan, told).map(({ service, bytes }) => [service, bytes]));
  return plan.services.map(({ request: { name }, budgetBytes }) => ({
    service: name,
    expected: expected.get(name) ?? 0,
    seen: peaks.ofService.get(name) ?? 0,
    budget: budgetBytes,
  }));
}

function sumOf(services: readonly Compared[], seen: Bytes): Compared {
  const sum = (pick: (one: Compared) => Bytes) => services.reduce((total, one) => total + pick(one), 0);
  return {
    service: 'all',
    expected: sum(({ expected }) => expected),
    seen,
    budget: sum(({ budget }) => budget),
  };
}

function killsIn({ cgroup, parts }: RenderedBox): number {
  return [cgroup, ...parts.map((part) => part.cgroup)].reduce((kills, one) => kills + one.readOomKills(), 0);
}
