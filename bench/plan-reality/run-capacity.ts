import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Milliseconds, SECOND, systemClock } from '@maque/kit';
import { localHost } from '@maque/ops/doctor';
import { type Calibration, capacityOf, demandOf, planBox } from '@maque/ops/plan';
import { calibrate } from '../../packages/maque/src/plan/calibrate/calibrate.ts';
import { LoadClient } from '../load/load-client.ts';
import type { LoadSubject } from '../load/load-plan.ts';
import { treeCpuSeconds } from '../measure/process-tree.ts';
import { REQUEST_TIMEOUT_MS } from '../runs/measure-load.ts';
import type { BoxPart } from './box-part.ts';
import { type CapacityCase, requestOf } from './combination.ts';
import { openShopBox } from './open-shop-box.ts';
import { type RenderedBox, startRenderedBox } from './rendered-box.ts';
import type { CombinationMaterial } from './run-combination.ts';

/** What the plan makes of a measurement, and what the box then did. */
export interface CapacityResult {
  readonly combination: CapacityCase;
  readonly calibration: Calibration;
  /** Requests a second while it was calibrated. */
  readonly calibratedAt: number;
  /** Of the plan with nothing measured, for two cores of a cheap cloud server. */
  readonly uncalibrated: number;
  /** What the calibrated plan says of two whole cores. */
  readonly foretold: number;
  /** The same of the cores that the box really got; the load took the rest. */
  readonly foretoldHere: number;
  readonly cores: number;
  /** Right answers a second. */
  readonly seen: number;
  readonly failed: number;
}

const MICROS = 1e6;
/** More than the box works on at once: the rest waits. */
const AT_ONCE = 100;
/** Compilers and caches. */
const WARM_UP_MS: Milliseconds = 4 * SECOND;

/** Calibrates under a load test, plans with that, and holds the capacity against what saturation finds. */
export async function runCapacity(
  combination: CapacityCase,
  { workshop, programs, mariadbTemplate, seconds }: CombinationMaterial,
): Promise<CapacityResult> {
  const request = requestOf(combination);
  const plan = planBox(request);
  if (!plan.fits) throw new Error(`${combination.name} does not fit`);
  return await workshop.withClosing(async (closing) => {
    const folder = workshop.folder('box');
    const box = await startRenderedBox({
      plan,
      folder,
      node: workshop.node,
      programs,
      mariadbTemplate,
      closing,
    });
    const subject = await openShopBox(box, combination.users);
    // A box that is measured has run for hours: its code is compiled, and its caches are full.
    await saturate(box, subject, seconds);
    const { calibration, rate } = await calibrateUnder(box, request.services, subject, combination, seconds);
    const measured = planBox({ ...request, calibration });
    if (!measured.fits) throw new Error('it does not fit any more');
    const capacity = capacityOf(measured, demandOf(measured.request));
    const { seen, failed, cores } = await saturate(box, subject, seconds);
    return {
      combination,
      calibration,
      calibratedAt: rate,
      uncalibrated: capacityOf(plan, demandOf(request)).saturatedQps,
      foretold: capacity.saturatedQps,
      foretoldHere: Math.min(capacity.saturatedQps, (cores * MICROS) / capacity.cpuMicrosPerRequest),
      cores,
      seen,
      failed,
    };
  });
}

/** A few ask at once, as in a load test, and `maque plan --calibrate` looks on. */
async function calibrateUnder(
  { parts, shop }: RenderedBox,
  services: ReturnType<typeof requestOf>['services'],
  subject: LoadSubject,
  { calibratedBy: mostAtOnce }: CapacityCase,
  seconds: number,
): Promise<{ readonly calibration: Calibration; readonly rate: number }> {
  const load = await LoadClient.start({
    ...subject,
    loop: 'closed',
    mostAtOnce,
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
  try {
    await sleep(WARM_UP_MS);
    const measurement = await calibrate({
      host: localHost(systemClock),
      clock: systemClock,
      detected: services.map((service) => ({ service, pids: pidsOf(parts, service.name), notes: [] })),
      keeper: { pids: pidsOf(parts, 'shop'), metrics: () => metricsOf(`${shop.dataDir}/control.sock`) },
      durationMs: seconds * SECOND,
      load: undefined,
    });
    if (measurement.gap !== undefined) throw new Error(`not calibrated: ${measurement.gap}`);
    await load.stop();
    // The system's memory and the network of this machine are not those of the box.
    const { osBytes, answerBytes, peakBytes, ...costs } = measurement.calibration;
    return { calibration: costs, rate: (measurement.requests ?? 0) / measurement.seconds };
  } finally {
    await load.kill();
  }
}

async function saturate({ parts }: RenderedBox, subject: LoadSubject, seconds: number) {
  const load = await LoadClient.start({
    ...subject,
    loop: 'closed',
    mostAtOnce: AT_ONCE,
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
  try {
    await sleep(WARM_UP_MS);
    const pids = parts.flatMap(({ cgroup }) => cgroup.readPids());
    await load.startWindow();
    const before = treeCpuSeconds(pids);
    await sleep(seconds * SECOND);
    const window = await load.endWindow();
    const cores = (treeCpuSeconds(pids) - before) / window.seconds;
    await load.stop();
    const failed = window.wrong + window.shed + window.lost;
    return { seen: window.right / window.seconds, failed, cores };
  } finally {
    await load.kill();
  }
}

function pidsOf(parts: readonly BoxPart[], name: string): readonly number[] {
  return parts.find(({ service }) => service === name)?.cgroup.readPids() ?? [];
}

async function metricsOf(socketPath: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  get({ socketPath, path: '/metrics' }, (response) => text(response).then(resolve, reject)).on(
    'error',
    reject,
  );
  return await promise;
}
