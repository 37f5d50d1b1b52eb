import { setTimeout as sleep } from 'node:timers/promises';
import { MiB, type Milliseconds } from '@maque/kit';
import { show } from '../../report/figures.ts';
import { atLeast } from '../../report/goal.ts';
import { WORKERS } from '../contenders/contender.ts';
import type { TrafficClient } from '../load/traffic-client.ts';
import type { SocketCounts, TrafficWindow } from '../load/traffic-plan.ts';
import { failedOf, requestsOf } from '../load/traffic-recorder.ts';
import { failureExample } from '../report/failure-example.ts';
import {
  figure,
  notSupported,
  type Row,
  type Scenario,
  type ScenarioResult,
  type Scene,
} from './scenario.ts';
import { type Service, withService, withTraffic } from './service.ts';

const REQUESTS_PER_SECOND = 1_050;
const CONNECTIONS = 200;
const WEB_SOCKETS = 200;
/** Four of them make 126,000 requests. */
const PHASE_SECONDS = 30;
const WARM_UP_MS: Milliseconds = 3_000;
const LEAK_PER_WORKER = 10 * MiB;
const LEAKING_SHARE = 0.05;
const LEAST_REQUESTS = 100_000;

interface Phase {
  readonly name: string;
  readonly window: TrafficWindow;
  /** How often all workers were replaced; null when that cannot be asked for. */
  readonly times: number | null;
  readonly error?: string;
}

/** Acceptance 1: nothing is lost when workers are replaced, whatever for. */
export const replaceScenario: Scenario = {
  name: 'replace',
  title: `workers replaced under ${REQUESTS_PER_SECOND} req/s over ${CONNECTIONS} connections and ${WEB_SOCKETS} WebSockets`,
  run,
};

async function run(scene: Scene): Promise<ScenarioResult> {
  const seconds = scene.seconds ?? PHASE_SECONDS;
  const { result: phases } = await withService(scene, {}, async (service) => {
    const { target } = service;
    const plan = { target, connections: CONNECTIONS, requestsPerSecond: REQUESTS_PER_SECOND };
    return await withTraffic({ ...plan, webSockets: WEB_SOCKETS }, async (traffic) => {
      await sleep(WARM_UP_MS);
      await traffic.startWindow();
      const { deploy } = service;
      let release = 1;
      const nextRelease = async (): Promise<void> => {
        release += 1;
        await deploy?.(String(release));
      };
      return [
        await replaceAgain(scene, traffic, seconds, 'recycle', service.recycle),
        await replaceAgain(scene, traffic, seconds, 'deploy', deploy && nextRelease),
        await replaceAgain(scene, traffic, seconds, 'settings change', service.changeSettings),
        await leak(scene, traffic, seconds, service),
      ];
    });
  });
  return { rows: rowsOf(phases, scene.seconds === undefined), details: phases };
}

async function replaceAgain(
  { say }: Scene,
  traffic: TrafficClient,
  seconds: number,
  name: string,
  replace: (() => Promise<void>) | undefined,
): Promise<Phase> {
  say(`  ${name}`);
  let times = 0;
  let error: string | undefined;
  const until = performance.now() + seconds * 1_000;
  while (replace !== undefined && error === undefined && performance.now() < until) {
    try {
      await replace();
      times += 1;
    } catch (thrown) {
      error = String(thrown instanceof Error ? thrown.message : thrown);
    }
  }
  await sleep(Math.max(0, until - performance.now()));
  const window = await traffic.endWindow();
  return {
    name,
    window,
    times: replace === undefined ? null : times,
    ...(error === undefined ? {} : { error }),
  };
}

/** Every worker keeps some of what it is sent until it is replaced. */
async function leak(
  { say }: Scene,
  traffic: TrafficClient,
  seconds: number,
  service: Service,
): Promise<Phase> {
  say('  leak');
  const bytes = Math.round((LEAK_PER_WORKER * WORKERS) / (REQUESTS_PER_SECOND * LEAKING_SHARE));
  await traffic.setHarm({ share: LEAKING_SHARE, path: `/carts?pool=heap&bytes=${bytes}` });
  await sleep(seconds * 1_000);
  await traffic.setHarm(null);
  const window = await traffic.endWindow();
  const replaced = window.workers.length - WORKERS;
  return { name: 'leak', window, times: service.recycle === undefined ? null : Math.max(0, replaced) };
}

function rowsOf(phases: readonly Phase[], isFullLength: boolean): readonly Row[] {
  const requests = phases.reduce((sum, { window }) => sum + requestsOf(window.counts), 0);
  const seconds = phases.reduce((sum, { window }) => sum + window.seconds, 0);
  return [
    ...phases.map(failedRow),
    isFullLength
      ? atLeast('requests', requests, LEAST_REQUESTS, show.count)
      : figure('requests', show.count(requests)),
    atLeast('requests per second', requests / seconds, 1_000, show.count),
    ...socketRows(phases.map(({ window }) => window.sockets)),
  ];
}

function failedRow({ name, window, times, error }: Phase): Row {
  const what = `${name}: failed requests`;
  if (times === null) return notSupported(what);
  if (error !== undefined) return notSupported(what, tellingLine(error));
  const failed = failedOf(window.counts);
  const how = name === 'leak' ? `${times} workers replaced` : `${times} times`;
  const measured = `${show.count(failed)} of ${show.count(requestsOf(window.counts))} (${how})${failureExample(window)}`;
  return { what, wanted: '0', measured, met: failed === 0 && times > 0 };
}

/** Of a command that failed, what it said itself: the line after the one that repeats the command. */
function tellingLine(error: string): string {
  const [first = '', second = ''] = error.split('\n').filter((line) => line.trim() !== '');
  return (second === '' ? first : second).slice(0, 80);
}

function socketRows(all: readonly SocketCounts[]): readonly Row[] {
  const closed = new Map<string, number>();
  for (const { closedWith } of all) {
    for (const [code, count] of Object.entries(closedWith)) closed.set(code, (closed.get(code) ?? 0) + count);
  }
  const cut = closed.get('1006') ?? 0;
  const others = [...closed].filter(([code]) => code !== '1012' && code !== '1006');
  const shown = others.map(([code, count]) => `${count} × ${code}`).join(', ');
  return [
    figure('WebSockets told 1012', show.count(closed.get('1012') ?? 0)),
    { what: 'WebSockets cut without a close frame', wanted: '0', measured: show.count(cut), met: cut === 0 },
    {
      what: 'WebSockets closed with another code',
      wanted: 'none',
      measured: shown || 'none',
      met: shown === '',
    },
  ];
}
