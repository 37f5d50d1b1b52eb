import { setTimeout as sleep } from 'node:timers/promises';
import { type Milliseconds, SECOND } from '@maque/kit';
import { show } from '../../report/figures.ts';
import { median } from '../../report/median.ts';
import { startNginx } from '../../stacks/nginx.ts';
import { WORKERS } from '../contenders/contender.ts';
import type { TrafficWindow } from '../load/traffic-plan.ts';
import { addCounts, failedOf, requestsOf } from '../load/traffic-recorder.ts';
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
const ROUNDS = 4;
const WARM_UP_MS: Milliseconds = 2_000;
/** The last kill has so long to show what it did. */
const KILL_EVERY_MS: Milliseconds = 8_000;
const NEW_WORKER_WITHIN: Milliseconds = SECOND;
const NEW_WORKER_TIMEOUT_MS: Milliseconds = 20_000;

/** One service from its start to its end; each of its workers is killed once. */
interface Round {
  readonly window: TrafficWindow;
  readonly servedAgainMs: readonly Milliseconds[];
}

type Entrance = 'direct' | 'behind nginx';

/** Acceptance 3: `kill -9` of a worker. */
export const killScenario: Scenario = {
  name: 'kill',
  title: `kill -9 of one worker and ${KILL_EVERY_MS / SECOND} s later of the other, under ${REQUESTS_PER_SECOND} req/s`,
  run,
};

async function run(scene: Scene): Promise<ScenarioResult> {
  const rounds = scene.seconds === undefined ? ROUNDS : Math.ceil(scene.seconds / 40);
  const done: Record<Entrance, Round[]> = { direct: [], 'behind nginx': [] };
  for (let round = 1; round <= rounds; round += 1) {
    for (const entrance of ['direct', 'behind nginx'] as const) {
      scene.say(`  ${entrance}, round ${round} of ${rounds}`);
      const { result } = await withService(scene, {}, (service) => killEach(scene, service, entrance));
      if (result === null) return { rows: threadRows(), details: null };
      done[entrance].push(result);
    }
  }
  return { rows: rowsOf(done), details: done };
}

/** A place whose worker dies twice within a minute is filled later on purpose, so each one's dies once. */
async function killEach(scene: Scene, service: Service, entrance: Entrance): Promise<Round | null> {
  const firstPids = service.workerPids();
  if (firstPids.length === 0) return null;
  return await scene.workshop.withClosing(async (closing) => {
    const { folder, target } = service;
    const context = { folder, node: scene.workshop.node, closing };
    const plan = {
      target: entrance === 'direct' ? target : await startNginx(context, target),
      connections: CONNECTIONS,
      requestsPerSecond: REQUESTS_PER_SECOND,
      webSockets: 0,
    };
    return await withTraffic(plan, async (traffic) => {
      await sleep(WARM_UP_MS);
      await traffic.startWindow();
      const servedAgainMs: Milliseconds[] = [];
      for (const pid of firstPids.slice(0, WORKERS)) {
        const known = await workersThatServe(target);
        process.kill(pid, 'SIGKILL');
        servedAgainMs.push(await waitForNewWorker(target, known, NEW_WORKER_TIMEOUT_MS));
        await sleep(KILL_EVERY_MS);
      }
      return { window: await traffic.endWindow(), servedAgainMs };
    });
  });
}

const SERVED_AGAIN = 'a new worker serves after a kill (median, worst)';
const BEHIND_NGINX = 'behind nginx: failed requests that may be repeated';

function threadRows(): readonly Row[] {
  const why = 'its workers are threads of one process';
  return [notSupported(SERVED_AGAIN, why), notSupported(BEHIND_NGINX, why)];
}

function rowsOf(done: Readonly<Record<Entrance, readonly Round[]>>): readonly Row[] {
  const times = [...done.direct, ...done['behind nginx']].flatMap(({ servedAgainMs }) => servedAgainMs);
  const worst = Math.max(...times);
  const direct = asOne(done.direct);
  const behind = asOne(done['behind nginx']);
  const failed = failedOf(behind.counts);
  return [
    {
      what: SERVED_AGAIN,
      wanted: `≤ ${show.ms(NEW_WORKER_WITHIN)}`,
      measured: `${show.ms(median(times))}, ${show.ms(worst)}`,
      met: worst <= NEW_WORKER_WITHIN,
    },
    // What a killed process had in its hands is lost to clients that do not ask again: nobody can save that.
    figure('direct: availability', availabilityRow('', direct).measured),
    figure('direct: longest time without an answer', show.ms(direct.longestSilenceMs)),
    {
      what: BEHIND_NGINX,
      wanted: '0',
      measured: `${show.count(failed)} of ${show.count(requestsOf(behind.counts))}${failureExample(behind)}`,
      met: failed === 0,
    },
  ];
}

function asOne(rounds: readonly Round[]): Pick<TrafficWindow, 'counts' | 'failures' | 'longestSilenceMs'> {
  const windows = rounds.map(({ window }) => window);
  return {
    counts: addCounts(windows.map(({ counts }) => counts)),
    failures: windows.flatMap(({ failures }) => failures),
    longestSilenceMs: Math.max(...windows.map(({ longestSilenceMs }) => longestSilenceMs)),
  };
}
