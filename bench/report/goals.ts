import { MiB } from '@maque/kit';
import { OVERLOAD_FACTOR, type OverloadDepth, type OverloadResult } from '../faults/overload.ts';
import { RECYCLE_REQUESTS, type RecycleResult } from '../faults/recycle.ts';
import type { SmallBoxResult } from '../faults/small-box.ts';
import type { WorkerKillResult } from '../faults/worker-kill.ts';
import type { WindowResult } from '../load/window.ts';
import type { ColdStart } from '../runs/cold-start.ts';
import type { ShopRound } from '../runs/shop-round.ts';
import type { BenchResult } from './bench-result.ts';
import { show } from './figures.ts';
import { atLeast, atMost, type Goal, none } from './goal.ts';
import { median } from './median.ts';
import { type ShopMedians, shopMedians } from './shop-medians.ts';

/** Every promise that the parts which ran can show. */
export function judge(result: BenchResult): readonly Goal[] {
  return [
    ...result.broken.map(({ part, error }) => none(`${part} runs to its end`, [firstLine(error)])),
    ...(result.shop === undefined ? [] : shopGoals(result.shop)),
    ...(result.coldStarts === undefined ? [] : coldStartGoals(result.coldStarts)),
    ...(result.workerKill === undefined ? [] : workerKillGoals(result.workerKill)),
    ...(result.recycle === undefined ? [] : recycleGoals(result.recycle)),
    ...(result.overload === undefined ? [] : overloadGoals(result.overload)),
    ...(result.smallBox === undefined ? [] : smallBoxGoals(result.smallBox)),
  ];
}

function shopGoals(rounds: readonly ShopRound[]): readonly Goal[] {
  const lean = shopMedians(rounds, 'lean');
  const recipe = shopMedians(rounds, 'recipe');
  const maque = shopMedians(rounds, 'maque');
  const recipeCpu = cpuPerRequest(recipe) / cpuPerRequest(maque);
  const recipeSpeed = maque.requestsPerSecond / recipe.requestsPerSecond;
  return [
    none('wrong answers and books, all stacks', rounds.flatMap(roundFaults)),
    atLeast('requests per CPU-second, of lean', lean.serviceMicros / maque.serviceMicros, 0.8, show.ratio),
    atLeast('CPU per request, recipe ÷ Maque', recipeCpu, 3.5, show.ratio),
    atLeast('req/s, Maque ÷ recipe', recipeSpeed, 2.5, show.ratio),
    atMost('idle PSS, keeper + 2 workers', maque.idlePss, 130 * MiB, show.mebibytes),
    atMost('peak PSS under the mix', maque.peakPss, 260 * MiB, show.mebibytes),
  ];
}

/** Node, database and cache together. */
function cpuPerRequest(medians: ShopMedians): number {
  return medians.serviceMicros + medians.storageMicros;
}

function coldStartGoals(starts: readonly ColdStart[]): readonly Goal[] {
  const first = median(starts.map(({ firstMs }) => firstMs));
  const again = median(starts.map(({ againMs }) => againMs));
  return [
    atMost('cold start to first answer, new data folder', first, 1_500, show.ms),
    atMost('cold start to first answer, existing data', again, 1_500, show.ms),
  ];
}

function workerKillGoals(kill: WorkerKillResult): readonly Goal[] {
  return [
    atMost('kill -9: failed beyond those in flight', kill.failedOtherwise, 0, show.count),
    atMost('kill -9: longest silence', kill.longestSilenceMs, 1_000, show.ms),
    atMost('kill -9: new worker ready after', kill.replacedAfterMs, 1_000, show.ms),
    none('kill -9: books', kill.bookFaults),
  ];
}

function recycleGoals(recycle: RecycleResult): readonly Goal[] {
  const replaced = recycle.recycles - recycle.incompleteRecycles;
  return [
    atMost(`recycle × ${recycle.recycles}: failed requests`, recycle.failed, 0, show.count),
    atLeast('recycle: requests meanwhile', recycle.requests, RECYCLE_REQUESTS, show.count),
    atLeast('recycle: all workers replaced, times', replaced, Math.max(1, recycle.recycles), show.count),
    none('recycle: books', recycle.bookFaults),
  ];
}

function overloadGoals(overload: OverloadResult): readonly Goal[] {
  return [
    ...overload.overloads.flatMap((depth) => overloadDepthGoals(depth, overload)),
    none('overload: books', overload.bookFaults),
  ];
}

function overloadDepthGoals(depth: OverloadDepth, { unloaded, budget }: OverloadResult): readonly Goal[] {
  const { load, outstandingPerConnection } = depth;
  const name = `overload × ${OVERLOAD_FACTOR}, 100 connections × ${outstandingPerConnection}`;
  const p99Ratio = load.window.latency.p99Ms / unloaded.window.latency.p99Ms;
  return [
    none(`${name}: neither right nor 503 with Retry-After`, windowFaults(load.window)),
    atMost(`${name}: peak PSS inside the budget`, load.service.peak.pss, budget, show.mebibytes),
    // Pipelined answers come in order: the accepted wait for those before them, however fast these are refused.
    ...(outstandingPerConnection === 1
      ? [atMost(`${name}: p99 of the accepted ÷ unloaded`, p99Ratio, 10, show.ratio)]
      : []),
  ];
}

function smallBoxGoals(box: SmallBoxResult): readonly Goal[] {
  const faults = [...windowFaults(box.load.window), ...box.bookFaults];
  return [
    atMost('512 MiB cgroup: OOM kills', box.oomKills, 0, show.count),
    none('512 MiB cgroup: wrong answers and books', faults),
    atMost(
      '512 MiB cgroup: peak PSS inside the budget',
      box.load.service.peak.pss,
      box.budget,
      show.mebibytes,
    ),
  ];
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function roundFaults({ stack, closedLoop, openLoop, bookFaults }: ShopRound): readonly string[] {
  const loads = [closedLoop.window, openLoop.window];
  const shed = loads.reduce((sum, window) => sum + window.shed, 0);
  const faults = [...loads.flatMap(windowFaults), ...(shed > 0 ? [`${shed} shed`] : []), ...bookFaults];
  return faults.map((fault) => `${stack}: ${fault}`);
}

function windowFaults({ wrong, lost, right, failures }: WindowResult): readonly string[] {
  const example = failures.find(({ reason }) => reason !== 'shed');
  if (wrong + lost === 0) return right > 0 ? [] : ['no right answer at all'];
  const said =
    example === undefined ? '' : `, e.g. ${example.kind} ${example.reason} ${example.status ?? ''}`;
  return [`${wrong} wrong and ${lost} lost answers${said.trimEnd()}`];
}
