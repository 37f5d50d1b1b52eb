import { setTimeout as sleep } from 'node:timers/promises';
import { type ClosingStack, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { LoadClient } from '../load/load-client.ts';
import type { ClosedLoopPlan, OpenLoopPlan } from '../load/load-plan.ts';
import type { WindowResult } from '../load/window.ts';
import { REQUEST_TIMEOUT_MS } from '../runs/measure-load.ts';
import type { Combination } from './combination.ts';
import { openShopBox } from './open-shop-box.ts';
import { DOMAIN, type RenderedBox } from './rendered-box.ts';
import { SideLoad, type SideTotals } from './side-load.ts';

/** What the load did, to be sure that it did. */
export interface LoadDone {
  readonly window: WindowResult;
  readonly side: SideTotals;
}

/** nginx lets 50 requests a second of one address pass. */
const LEAST_GAP_MS: Milliseconds = 21;
const SNAPSHOT_AT: Milliseconds = 1_500;
/** A pool is full of tables that are a little larger. */
const TOUCHED_OVER_POOL = 1.1;

/** Everything at once: users who shop, phones that are idle, queries, keys, and a snapshot where Redis makes one. */
export async function loadBox(
  box: RenderedBox,
  combination: Combination,
  seconds: number,
  closing: ClosingStack,
): Promise<LoadDone> {
  const { busy, poolMb, touchedMb = Math.ceil(poolMb * TOUCHED_OVER_POOL), redisMb, idle } = combination;
  const { https, mariadb, redis } = box.ports;
  const sideLoad = new SideLoad();
  closing.push('side load', () => sideLoad.kill());
  const [subject] = await Promise.all([
    openShopBox(box, combination.users),
    sideLoad.open({
      https,
      servername: DOMAIN,
      idle,
      sql: { port: mariadb, connections: busy, touchedMb },
      redis,
      redisBytes: redisMb * MiB,
    }),
  ]);
  const shoppers = await LoadClient.start({
    ...subject,
    ...loopOf(combination),
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
  closing.push('shoppers', () => shoppers.kill());
  await sideLoad.start();
  await shoppers.startWindow();
  await sleep(SNAPSHOT_AT);
  if (combination.isPersistent) await sideLoad.snapshot();
  await sleep(seconds * SECOND - SNAPSHOT_AT);
  const window = await shoppers.endWindow();
  await shoppers.stop();
  return proven({ window, side: await sideLoad.stop() }, combination);
}

function loopOf({ perSecond }: Combination): ClosedLoopPlan | OpenLoopPlan {
  if (perSecond === undefined) return { loop: 'closed', leastGapMs: LEAST_GAP_MS };
  return { loop: 'open', requestsPerSecond: perSecond, outstandingPerConnection: 1, whenBusy: 'wait' };
}

/** @throws Error when the box was not under the load that its figures are for. */
function proven(done: LoadDone, { idle }: Combination): LoadDone {
  const { window, side } = done;
  // What is shed was answered as it should be on a machine that is out of breath.
  const failed = window.wrong + window.lost;
  if (failed > 0) throw new Error(`${window.wrong} wrong answers and ${window.lost} lost ones`);
  if (side.open < idle) throw new Error(`${idle - side.open} idle phones were cut off`);
  if (side.queries === 0) throw new Error('MariaDB answered no query');
  return done;
}
