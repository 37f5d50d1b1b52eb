import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import { readExactCpu } from '../../measure/exact-cpu.ts';
import { show } from '../../report/figures.ts';
import { requestsOf } from '../load/traffic-recorder.ts';
import { percent } from '../report/availability-row.ts';
import {
  figure,
  notSupported,
  type Row,
  type Scenario,
  type ScenarioResult,
  type Scene,
} from './scenario.ts';
import { withService, withTraffic } from './service.ts';

const SECONDS = 60;
const CONNECTIONS = 64;
/** Starting is over, and the first look at everything. */
const SETTLE_MS: Milliseconds = 10_000;
const IDLE_GOAL = 0.002;
const BUSY_GOAL = 0.01;

interface IdleResult {
  readonly idleCores: number;
  readonly busyCores: number;
  readonly requestsPerSecond: number;
}

/** Acceptance 6: what the supervisor itself takes of a core. */
export const idleScenario: Scenario = {
  name: 'idle',
  title: 'CPU of the supervisor with two workers, idle and while they do all they can',
  run,
};

async function run(scene: Scene): Promise<ScenarioResult> {
  const seconds = scene.seconds ?? SECONDS;
  const { result } = await withService(scene, {}, async (service): Promise<IdleResult | null> => {
    const { rootPid, target } = service;
    if (service.workerPids().length === 0) return null;
    scene.say('  idle');
    await sleep(SETTLE_MS);
    const idleCores = await coresOver(rootPid, seconds);
    scene.say('  at full load');
    const plan = { target, connections: CONNECTIONS, requestsPerSecond: null, webSockets: 0 };
    return await withTraffic(plan, async (traffic) => {
      await sleep(SETTLE_MS);
      await traffic.startWindow();
      const busyCores = await coresOver(rootPid, seconds);
      const window = await traffic.endWindow();
      return { idleCores, busyCores, requestsPerSecond: requestsOf(window.counts) / window.seconds };
    });
  });
  return { rows: rowsOf(result), details: result };
}

async function coresOver(pid: number, seconds: number): Promise<number> {
  const startedAt = performance.now();
  const before = readExactCpu(pid);
  await sleep(seconds * 1_000);
  return ((readExactCpu(pid).seconds - before.seconds) * 1_000) / (performance.now() - startedAt);
}

function rowsOf(result: IdleResult | null): readonly Row[] {
  const names = ['supervisor idle, of one core', 'supervisor at full load, of one core'] as const;
  if (result === null) return names.map((name) => notSupported(name, 'one process with its workers'));
  const { idleCores, busyCores, requestsPerSecond } = result;
  return [
    {
      what: names[0],
      wanted: `≤ ${percent(IDLE_GOAL)}`,
      measured: percent(idleCores),
      met: idleCores <= IDLE_GOAL,
    },
    {
      what: names[1],
      wanted: `≤ ${percent(BUSY_GOAL)}`,
      measured: percent(busyCores),
      met: busyCores <= BUSY_GOAL,
    },
    figure('requests per second at full load', show.count(requestsPerSecond)),
  ];
}
