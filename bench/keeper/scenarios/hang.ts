import { setTimeout as sleep } from 'node:timers/promises';
import { type Milliseconds, SECOND } from '@maque/kit';
import { show } from '../../report/figures.ts';
import { median } from '../../report/median.ts';
import type { TrafficClient } from '../load/traffic-client.ts';
import type { TrafficWindow } from '../load/traffic-plan.ts';
import { post, waitForNewWorker, workersThatServe } from './calls.ts';
import { NewsOfHang, type ToldOfHang } from './news-of-hang.ts';
import {
  figure,
  notSupported,
  type Row,
  type Scenario,
  type ScenarioResult,
  type Scene,
} from './scenario.ts';
import { type Service, withService, withTraffic } from './service.ts';

const REQUESTS_PER_SECOND = 300;
const CONNECTIONS = 200;
const BLOCK_MS: Milliseconds = 3 * SECOND;
/** A window of 3 s holds some hundred answers of a worker: one p99 of them is a few answers, so the median of several. */
const BLOCKS = 7;
/** For what queued up, and for a worker that was replaced although it came back. */
const REST_MS: Milliseconds = 4 * SECOND;
/** As long as a block, so that both percentiles are of as many answers. */
const NORMAL_MS: Milliseconds = BLOCK_MS;
const WARM_UP_MS: Milliseconds = 3 * SECOND;
/** The keeper looks once a second for what must not last 3 s, and takes a stack. */
const NOTICED_WITHIN_MS: Milliseconds = BLOCK_MS + 1_500;
const ENDLESS_MS: Milliseconds = 3_600 * SECOND;
const REPLACED_TIMEOUT_MS: Milliseconds = 60 * SECOND;

interface Block {
  readonly window: TrafficWindow;
  /** The worker that was blocked; null when it never answered. */
  readonly blocked: string | null;
  readonly normalP99Ms: Milliseconds;
  readonly othersP99Ms: Milliseconds;
  readonly told: ToldOfHang | null;
}

interface HangResult {
  readonly blocks: readonly Block[];
  readonly endless: { readonly told: ToldOfHang | null; readonly servedAgainMs: Milliseconds | null };
  readonly tells: boolean;
}

/** Acceptance 4: a worker whose event loop is blocked. */
export const hangScenario: Scenario = {
  name: 'hang',
  title: `one worker blocked for ${BLOCK_MS / SECOND} s, and for ever, under ${REQUESTS_PER_SECOND} req/s`,
  run,
};

async function run(scene: Scene): Promise<ScenarioResult> {
  const blocks = scene.seconds === undefined ? BLOCKS : Math.max(1, Math.round(scene.seconds / 10));
  const { result } = await withService(scene, {}, async (service) => {
    const { target } = service;
    const plan = { target, connections: CONNECTIONS, requestsPerSecond: REQUESTS_PER_SECOND, webSockets: 0 };
    return await withTraffic(plan, async (traffic) => {
      await sleep(WARM_UP_MS);
      const done: Block[] = [];
      while (done.length < blocks) {
        scene.say(`  block ${done.length + 1} of ${blocks}`);
        done.push(await blockOnce(service, traffic));
      }
      scene.say('  endless block');
      return { blocks: done, endless: await blockForEver(service), tells: service.news !== undefined };
    });
  });
  return { rows: rowsOf(result), details: result };
}

async function blockOnce(service: Service, traffic: TrafficClient): Promise<Block> {
  await sleep(REST_MS);
  await traffic.startWindow();
  await sleep(NORMAL_MS);
  const normal = await traffic.endWindow();
  const news = new NewsOfHang(service);
  await news.begin();
  const answer = post(service.target, `/prices?ms=${BLOCK_MS}`, 2 * BLOCK_MS);
  await sleep(BLOCK_MS);
  const window = await traffic.endWindow();
  const blocked = await answer;
  const told = await news.end(REST_MS);
  // What the other one answered meanwhile, against what both did before.
  const others = window.workers.filter(({ worker }) => worker !== blocked);
  const othersP99Ms = Math.max(0, ...others.map(({ latency }) => latency.p99Ms));
  return { window, blocked, normalP99Ms: normal.latency.p99Ms, othersP99Ms, told };
}

async function blockForEver(service: Service): Promise<HangResult['endless']> {
  const news = new NewsOfHang(service);
  await news.begin();
  const known = await workersThatServe(service.target);
  void post(service.target, `/prices?ms=${ENDLESS_MS}`, REPLACED_TIMEOUT_MS);
  let servedAgainMs: Milliseconds | null = null;
  try {
    servedAgainMs = await waitForNewWorker(service.target, known, REPLACED_TIMEOUT_MS);
  } catch {
    // Nobody replaces it.
  }
  return { told: await news.end(1_000), servedAgainMs };
}

function rowsOf({ blocks, endless, tells }: HangResult): readonly Row[] {
  const ratio = median(blocks.map(({ othersP99Ms, normalP99Ms }) => othersP99Ms / normalP99Ms));
  const normal = median(blocks.map(({ normalP99Ms }) => normalP99Ms));
  const again = endless.servedAgainMs;
  return [
    ...(tells
      ? toldRows(blocks, endless.told)
      : [notSupported('3 s block: noticed'), notSupported('endless block: noticed')]),
    {
      what: 'p99 of the other worker ÷ normal, while one is blocked (median of blocks)',
      wanted: '< 2',
      measured: `${show.ratio(ratio)} (normal: ${show.ms(normal)})`,
      met: ratio < 2,
    },
    figure('endless block: a new worker serves', again === null ? 'never' : `after ${show.ms(again)}`),
  ];
}

function toldRows(blocks: readonly Block[], endless: ToldOfHang | null): readonly Row[] {
  const told = blocks.map((block) => block.told);
  const noticed = told.filter((one) => one !== null);
  const named = noticed.filter(({ namesFunction, namesLine }) => namesFunction && namesLine);
  return [
    {
      what: '3 s block: noticed',
      wanted: 'always',
      measured: `${noticed.length} of ${told.length}, ${named.length} with function and line`,
      met: named.length === told.length,
    },
    {
      what: 'endless block: noticed',
      wanted: `≤ ${show.ms(NOTICED_WITHIN_MS)}, named`,
      measured: endless === null ? 'never' : `${show.ms(endless.afterMs)}, ${placeOf(endless)}`,
      met: endless?.namesFunction === true && endless.namesLine && endless.afterMs <= NOTICED_WITHIN_MS,
    },
  ];
}

function placeOf({ namesFunction, namesLine }: ToldOfHang): string {
  if (!namesFunction) return 'not named';
  return namesLine ? 'function and line named' : 'function named, line not';
}
