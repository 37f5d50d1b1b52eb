import { formatBytes } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import { leastTreeBytes } from '../../../plan/box/kept-tree.ts';
import { limitsFor, MAX_OVER_BUDGET } from '../../../plan/box/limits.ts';
import { wholeMiB } from '../../../plan/box/part.ts';
import type { PlannedMaque } from '../../../plan/box/planned-service.ts';
import type { MaqueRequest } from '../../../plan/box/service-request.ts';
import { wishesOf } from '../../../plan/box/services/maque.ts';
import { type AppPlace, appPlaces } from '../../app-places.ts';
import { renderErrors } from '../../render-errors.ts';
import type { RenderOptions } from '../../target.ts';

/** A trial goes before what customers use. */
const MORE_OOM_SCORE = 100;
/** After the port and the metrics of the app itself. */
const PORTS_EACH = 2;

/** What another environment of the app gets on the same box. */
export interface EnvironmentBudget {
  readonly name: string;
  /** What its own sum was made with. */
  readonly request: MaqueRequest;
  readonly workers: number;
  readonly budgetBytes: number;
  readonly memoryMaxBytes: number;
  readonly memoryHighBytes: number;
  readonly oomScoreAdj: number;
  readonly port: number;
  readonly metricsPort: number;
}

/**
 * An environment is a Maque of its name in the plan; one that the plan does not know lives on what is left free, with one
 * worker.
 * @throws CodedError RENDER_ENVIRONMENTS_DO_NOT_FIT
 */
export function environmentBudgets(plan: BoxPlan, options: RenderOptions): readonly EnvironmentBudget[] {
  const places = appPlaces(plan, options);
  const main = places.find(({ isMain }) => isMain);
  if (main === undefined || !isMaque(main.service)) return [];
  const { service } = main;
  const planned = places.filter((place) => isEnvironment(place, options));
  const isPlanned = (name: string) => planned.some((place) => place.service.request.name === name);
  const unplanned = options.environments.filter((name) => !isPlanned(name));
  const leftOver = unplanned.length === 0 ? undefined : shareOfRest(plan, service, unplanned.length);
  return options.environments.map((name, index) => {
    const place = planned.find((one) => one.service.request.name === name);
    const port = place?.port ?? main.port + PORTS_EACH * (index + 1);
    const share = place === undefined ? leftOver : sizesOf(place.service as PlannedMaque);
    if (share === undefined) throw new Error(`no share for ${name}`);
    const oomScoreAdj = service.oomScoreAdj + MORE_OOM_SCORE;
    return { ...share, name, port, metricsPort: port + 1, oomScoreAdj };
  });
}

/** Whether this service of the plan is another environment of the main app rather than an app of its own. */
export function isEnvironment({ service, isMain }: AppPlace, { environments }: RenderOptions): boolean {
  return !isMain && isMaque(service) && environments.includes(service.request.name);
}

function isMaque(service: AppPlace['service']): service is PlannedMaque {
  return service.kind === 'maque';
}

type Sizes = Pick<
  EnvironmentBudget,
  'request' | 'workers' | 'budgetBytes' | 'memoryMaxBytes' | 'memoryHighBytes'
>;

/**
 * Its part of the plan. Without an AppID an environment other than prod has the simulator of WeChat in its keeper, so as
 * many workers as fit beside it: with as many as planned it might not start.
 */
function sizesOf({ request, budget: planned, budgetBytes, oomScoreAdj }: PlannedMaque): Sizes {
  const workers = mostWorkers({ ...request, workers: planned.workers }, budgetBytes);
  if (workers === 0) {
    const needed = formatBytes(leastTreeBytes({ ...wishesOf(request), workers: 1, simulator: true }));
    const data = { count: 1, needed, free: formatBytes(budgetBytes) };
    throw renderErrors.RENDER_ENVIRONMENTS_DO_NOT_FIT({ data });
  }
  return { request, workers, ...limitsFor(budgetBytes, oomScoreAdj) };
}

/** A part of what is free, with the same settings as the main app and one worker. */
function shareOfRest({ freeBytes }: BoxPlan, main: PlannedMaque, count: number): Sizes {
  const { memoryBytes: _, ...request } = { ...main.request, workers: 1 };
  const room = wholeMiB(freeBytes / count) / MAX_OVER_BUDGET;
  const budgetBytes = Math.max(1, Math.min(main.budgetBytes, Math.floor(room)));
  if (mostWorkers(request, budgetBytes) === 0) {
    const least = leastTreeBytes({ ...wishesOf(request), simulator: true });
    const needed = formatBytes(least * MAX_OVER_BUDGET * count);
    throw renderErrors.RENDER_ENVIRONMENTS_DO_NOT_FIT({
      data: { count, needed, free: formatBytes(freeBytes) },
    });
  }
  return { request, workers: 1, ...limitsFor(budgetBytes, main.oomScoreAdj) };
}

/** 0 where not even one fits. */
function mostWorkers(request: MaqueRequest, budgetBytes: number): number {
  const fits = (workers: number) =>
    leastTreeBytes({ ...wishesOf(request), workers, simulator: true }) <= budgetBytes;
  for (let workers = request.workers ?? 1; workers >= 1; workers -= 1) if (fits(workers)) return workers;
  return 0;
}
