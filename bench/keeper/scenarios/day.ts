import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bytes, MINUTE, MiB, type Milliseconds } from '@maque/kit';
import { show } from '../../report/figures.ts';
import type { NewsItem } from '../contenders/contender.ts';
import { WORKERS } from '../contenders/contender.ts';
import type { TrafficClient } from '../load/traffic-client.ts';
import type { TrafficWindow } from '../load/traffic-plan.ts';
import { availabilityRow } from '../report/availability-row.ts';
import { busynessAt } from './day-curve.ts';
import {
  figure,
  notSupported,
  type Row,
  type Scenario,
  type ScenarioResult,
  type Scene,
} from './scenario.ts';
import { type Service, withService, withTraffic } from './service.ts';

/**
 * A day passes in half an hour: load rises and falls 48 times as fast as in life, which is harder to tell from a leak
 * than the slow tide is. The leak is not scaled: 2 MB/min of wall time, so that it stays as small beside the noise of
 * the heap as in life.
 */
const DAY_SECONDS = 30 * 60;
const LEAK_PER_MINUTE: Bytes = 2 * MiB;
const BUSIEST_PER_SECOND = 400;
const CONNECTIONS = 100;
const LEAKING_SHARE = 0.1;
const RATE_CHANGES_EVERY_MS: Milliseconds = 1_000;
/** Two workers with some 100 MiB of heap each: full after 45 minutes of such a leak. */
const MEMORY: Bytes = 544 * MiB;
/** Of a worker's heap. */
const RECYCLED_BELOW = 0.85;

interface DayResult {
  readonly leaking: DayOf;
  readonly healthy: DayOf;
}

interface DayOf {
  readonly window: TrafficWindow;
  /** When a worker from the start no longer served, in ms from the start of the day; null: never. */
  readonly firstReplacedAfterMs: Milliseconds | null;
  readonly news: readonly NewsItem[] | null;
  /** How full the fullest heap was when the supervisor first replaced a worker. */
  readonly usedWhenReplaced: number | null;
  readonly reportNamesLeak: boolean | null;
}

/** Acceptance 7: a slow leak under a day's load, and the same day without it. */
export const dayScenario: Scenario = {
  name: 'day',
  title: 'a day of rising and falling load in half an hour: with a leak of 2 MB/min, and healthy',
  run,
};

/** The leaking and the healthy service one after the other: two at once would disturb each other's figures. */
async function run(scene: Scene): Promise<ScenarioResult> {
  const leaking = await liveThrough(scene, 'leaking');
  const healthy = await liveThrough(scene, 'healthy');
  return { rows: rowsOf({ leaking, healthy }), details: { leaking, healthy } };
}

async function liveThrough(scene: Scene, health: 'leaking' | 'healthy'): Promise<DayOf> {
  const dayMs = (scene.seconds ?? DAY_SECONDS) * 1_000;
  scene.say(`  ${health}, ${Math.round(dayMs / MINUTE)} min`);
  const { result } = await withService(scene, { memory: MEMORY }, async (service) => {
    const { target } = service;
    const plan = { target, connections: CONNECTIONS, requestsPerSecond: rateAt(0), webSockets: 0 };
    return await withTraffic(
      plan,
      async (traffic) => await passDay(service, traffic, dayMs, health === 'leaking'),
    );
  });
  return result;
}

async function passDay(
  service: Service,
  traffic: TrafficClient,
  dayMs: Milliseconds,
  leaks: boolean,
): Promise<DayOf> {
  const startedAt = performance.now();
  const replaced = new Replacements(service);
  await traffic.startWindow();
  for (let passed = 0; passed < dayMs; passed = performance.now() - startedAt) {
    const rate = rateAt(passed / dayMs);
    await traffic.setRate(rate);
    if (leaks)
      await traffic.setHarm({ share: LEAKING_SHARE, path: `/carts?pool=heap&bytes=${bytesAt(rate)}` });
    await replaced.look();
    await sleep(RATE_CHANGES_EVERY_MS);
  }
  return {
    window: await traffic.endWindow(),
    news: (await service.news?.()) ?? null,
    firstReplacedAfterMs: replaced.firstAt === null ? null : replaced.firstAt - startedAt,
    usedWhenReplaced: replaced.usedShare,
    reportNamesLeak: service.leakReports === undefined ? null : namesLeak(service.leakReports),
  };
}

function rateAt(shareOfDay: number): number {
  return BUSIEST_PER_SECOND * busynessAt(shareOfDay);
}

/** What a request keeps, so that a worker leaks at the same pace at every hour. */
function bytesAt(requestsPerSecond: number): Bytes {
  return Math.round((LEAK_PER_MINUTE / 60) * (WORKERS / (requestsPerSecond * LEAKING_SHARE)));
}

/** Notices the first worker that was replaced, and how full the workers were just before. */
class Replacements {
  firstAt: Milliseconds | null = null;
  usedShare: number | null = null;
  readonly #service: Service;
  readonly #first: readonly number[];
  #lastShare: number | null = null;

  constructor(service: Service) {
    this.#service = service;
    this.#first = service.workerPids();
  }

  async look(): Promise<void> {
    if (this.firstAt !== null) return;
    const now = this.#service.workerPids();
    if (this.#first.some((pid) => !now.includes(pid))) {
      this.firstAt = performance.now();
      this.usedShare = this.#lastShare;
    } else this.#lastShare = (await this.#service.fullestHeap?.()) ?? null;
  }
}

/** Whether a report on disk names the route that leaks and the function that keeps it. */
function namesLeak(folder: string): boolean {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(folder, name), 'utf8'))
    .some((text) => text.includes('/carts') && text.includes('rememberCart'));
}

function rowsOf({ leaking, healthy }: DayResult): readonly Row[] {
  const { usedWhenReplaced: used, reportNamesLeak: named, firstReplacedAfterMs: after } = leaking;
  const recycled = 'slow leak: recycled before 85 % of the limit';
  const shown = after === null ? 'not recycled' : `after ${(after / MINUTE).toFixed(1)} min`;
  return [
    used === null && after !== null
      ? notSupported(recycled, `ended ${shown}`)
      : {
          what: recycled,
          wanted: `< ${RECYCLED_BELOW * 100} %`,
          measured: used === null ? shown : `${shown}, at ${Math.round(used * 100)} %`,
          met: used !== null && used < RECYCLED_BELOW,
        },
    named === null
      ? notSupported('slow leak: the report names route and function')
      : {
          what: 'slow leak: the report names route and function',
          wanted: 'yes',
          measured: named ? 'yes' : 'no',
          met: named,
        },
    availabilityRow('slow leak: availability', leaking.window),
    {
      what: 'healthy: workers replaced',
      wanted: '0',
      measured: show.count(healthy.window.workers.length - WORKERS),
      met: healthy.window.workers.length <= WORKERS,
    },
    figure('healthy: availability', availabilityRow('', healthy.window).measured),
  ];
}
