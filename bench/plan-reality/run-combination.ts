import { setTimeout as sleep } from 'node:timers/promises';
import { type Bytes, MiB, type Milliseconds } from '@maque/kit';
import { expectedPeaks, planBox } from '@maque/ops/plan';
import { LoadClient } from '../load/load-client.ts';
import type { WindowResult } from '../load/window.ts';
import { REQUEST_TIMEOUT_MS } from '../runs/measure-load.ts';
import type { Workshop } from '../runs/workshop.ts';
import { type Combination, peakLoadOf, requestOf } from './combination.ts';
import { openShopBox } from './open-shop-box.ts';
import type { PrivatePrograms } from './private-programs.ts';
import { DOMAIN, type RenderedBox, startRenderedBox } from './rendered-box.ts';
import { ServiceWatch } from './service-watch.ts';
import { type ShopFigures, shopFigures } from './shop-figures.ts';
import { SideLoad, type SideTotals } from './side-load.ts';

/** What was foretold of one service, or of all, and what was seen. */
export interface Compared {
  readonly service: string;
  readonly expected: Bytes;
  readonly seen: Bytes;
  readonly budget: Bytes;
}

export interface CombinationResult {
  readonly combination: Combination;
  readonly services: readonly Compared[];
  readonly inAll: Compared;
  readonly window: WindowResult;
  readonly side: SideTotals;
  readonly shop: ShopFigures;
  readonly oomKills: number;
}

export interface CombinationMaterial {
  readonly workshop: Workshop;
  readonly programs: PrivatePrograms;
  readonly mariadbTemplate: string;
  readonly seconds: number;
}

/** nginx lets 50 requests a second of one address pass. */
export const LEAST_GAP_MS: Milliseconds = 21;
const SNAPSHOT_AT: Milliseconds = 1_500;

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
    const { window, side } = await load(box, combination, seconds, (name, end) => closing.push(name, end));
    const figures = shopFigures(box.shop.dataDir);
    const told = peakLoadOf(combination, figures.cachedBytes, figures.databaseBytes);
    const peaks = expectedPeaks(plan, told);
    const services = plan.services.map(({ request, budgetBytes }) => ({
      service: request.name,
      expected: peaks.find(({ service }) => service === request.name)?.bytes ?? 0,
      seen: watch.peaks.ofService.get(request.name) ?? 0,
      budget: budgetBytes,
    }));
    const sum = (pick: (one: Compared) => Bytes) => services.reduce((total, one) => total + pick(one), 0);
    return {
      combination,
      services,
      inAll: {
        service: 'all',
        expected: sum(({ expected }) => expected),
        seen: watch.peaks.inAll,
        budget: sum(({ budget }) => budget),
      },
      window,
      side,
      shop: figures,
      oomKills: [box.cgroup, ...box.parts.map(({ cgroup }) => cgroup)].reduce(
        (kills, cgroup) => kills + cgroup.readOomKills(),
        0,
      ),
    };
  });
}

async function load(
  box: RenderedBox,
  { busy, poolMb, touchedMb, redisMb, isPersistent, idle, users, perSecond }: Combination,
  seconds: number,
  onClose: (name: string, end: () => unknown) => void,
): Promise<{ readonly window: WindowResult; readonly side: SideTotals }> {
  const sideLoad = new SideLoad();
  onClose('side load', () => sideLoad.kill());
  const sql = { port: box.ports.mariadb, connections: busy, touchedMb: touchedMb ?? Math.ceil(poolMb * 1.1) };
  const [subject] = await Promise.all([
    openShopBox(box, users),
    sideLoad.open({
      https: box.ports.https,
      servername: DOMAIN,
      idle,
      sql,
      redis: box.ports.redis,
      redisBytes: redisMb * MiB,
    }),
  ]);
  const loop =
    perSecond === undefined
      ? ({ loop: 'closed', leastGapMs: LEAST_GAP_MS } as const)
      : ({
          loop: 'open',
          requestsPerSecond: perSecond,
          outstandingPerConnection: 1,
          whenBusy: 'wait',
        } as const);
  const shoppers = await LoadClient.start({ ...subject, ...loop, timeoutMs: REQUEST_TIMEOUT_MS });
  onClose('shoppers', () => shoppers.kill());
  await sideLoad.start();
  await shoppers.startWindow();
  await sleep(SNAPSHOT_AT);
  if (isPersistent) await sideLoad.snapshot();
  await sleep(seconds * 1_000 - SNAPSHOT_AT);
  const window = await shoppers.endWindow();
  await shoppers.stop();
  return { window, side: await sideLoad.stop() };
}
