import { setTimeout as sleep } from 'node:timers/promises';
import { type Milliseconds, SECOND } from '@maque/kit';
import { show } from '../../report/figures.ts';
import { median } from '../../report/median.ts';
import { startNginx } from '../../stacks/nginx.ts';
import type { TrafficWindow } from '../load/traffic-plan.ts';
import { failedOf, requestsOf } from '../load/traffic-recorder.ts';
import { availabilityRow } from '../report/availability-row.ts';
import { failureExample } from '../report/failure-example.ts';
import { waitForNewWorker, workersThatServe } from './calls.ts';
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
const CONNECTIONS = 100;
const SECONDS = 60;
const WARM_UP_MS: Milliseconds = 2_000;
/** From one kill to the next; backing off after several deaths in a row is right, and not what is measured here. */
const KILL_EVERY_MS: Milliseconds = 10_000;
const NEW_WORKER_WITHIN: Milliseconds = SECOND;
const NEW_WORKER_TIMEOUT_MS: Milliseconds = 20_000;

interface KillResult {
  readonly direct: TrafficWindow;
  readonly behindNginx: TrafficWindow;
  readonly servedAgainMs: readonly Milliseconds[];
}

/** Acceptance 3: `kill -9` of a worker. */
export const killScenario: Scenario = {
  name: 'kill',
  title: `kill -9 of a worker every ${KILL_EVERY_MS / SECOND} s under ${REQUESTS_PER_SECOND} req/s`,
  run,
};

async function run(scene: Scene): Promise<ScenarioResult> {
  const seconds = scene.seconds ?? SECONDS;
  const { result } = await withService(scene, {}, async (service) => {
    if (service.workerPids().length === 0) return null;
    scene.say('  direct');
    const direct = await killUnder(service, service.target, seconds);
    scene.say('  behind nginx');
    const { workshop } = scene;
    const behind = await workshop.withClosing(async (closing) => {
      const nginx = await startNginx(
        { folder: service.folder, node: workshop.node, closing },
        service.target,
      );
      return await killUnder(service, nginx, seconds);
    });
    return {
      direct: direct.window,
      behindNginx: behind.window,
      servedAgainMs: [...direct.servedAgainMs, ...behind.servedAgainMs],
    };
  });
  return { rows: rowsOf(result), details: result };
}

interface Kills {
  readonly window: TrafficWindow;
  readonly servedAgainMs: readonly Milliseconds[];
}

/** Kills one worker after the other while users call `entrance`; what they send may be repeated. */
async function killUnder(service: Service, entrance: Service['target'], seconds: number): Promise<Kills> {
  const plan = {
    target: entrance,
    connections: CONNECTIONS,
    requestsPerSecond: REQUESTS_PER_SECOND,
    webSockets: 0,
  };
  return await withTraffic(plan, async (traffic) => {
    await sleep(WARM_UP_MS);
    await traffic.startWindow();
    const until = performance.now() + seconds * 1_000;
    const servedAgainMs: Milliseconds[] = [];
    while (performance.now() < until) {
      const next = performance.now() + KILL_EVERY_MS;
      const known = await workersThatServe(service.target);
      const [victim] = service.workerPids();
      if (victim === undefined) throw new Error('there is no worker to kill');
      process.kill(victim, 'SIGKILL');
      servedAgainMs.push(await waitForNewWorker(service.target, known, NEW_WORKER_TIMEOUT_MS));
      await sleep(Math.max(0, Math.min(next, until) - performance.now()));
    }
    return { window: await traffic.endWindow(), servedAgainMs };
  });
}

function rowsOf(result: KillResult | null): readonly Row[] {
  const again = 'a new worker serves after a kill (median, worst)';
  const behind = 'behind nginx: failed requests that may be repeated';
  if (result === null) {
    const why = 'its workers are threads of one process';
    return [notSupported(again, why), notSupported(behind, why)];
  }
  const { direct, behindNginx, servedAgainMs } = result;
  const worst = Math.max(...servedAgainMs);
  const failed = failedOf(behindNginx.counts);
  return [
    {
      what: again,
      wanted: `≤ ${show.ms(NEW_WORKER_WITHIN)}`,
      measured: `${show.ms(median(servedAgainMs))}, ${show.ms(worst)}`,
      met: worst <= NEW_WORKER_WITHIN,
    },
    // What a killed process had in its hands is lost to clients that do not ask again: nobody can save that.
    { ...availabilityRow('direct: availability', direct), wanted: '', met: true },
    figure('direct: longest time without an answer', show.ms(direct.longestSilenceMs)),
    {
      what: behind,
      wanted: '0',
      measured: `${show.count(failed)} of ${show.count(requestsOf(behindNginx.counts))}${failureExample(behindNginx)}`,
      met: failed === 0,
    },
  ];
}
