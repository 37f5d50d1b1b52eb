import { formatBytes } from '@maque/kit';
import { allocate } from '../../../plan/allocate.ts';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedMaque } from '../../../plan/box/planned-service.ts';
import { type AppPlace, appPlaces } from '../../app-places.ts';
import { renderErrors } from '../../render-errors.ts';
import type { RenderOptions } from '../../target.ts';

/** As for every service: 5 % above the sum, and nine tenths of that. */
const MAX_FACTOR = 1.05;
const HIGH_SHARE = 0.9;
/** A trial goes before what customers use. */
const MORE_OOM_SCORE = 100;
/** After the port and the metrics of the app itself. */
const PORTS_EACH = 2;

/** What another environment of the app gets on the same box. */
export interface EnvironmentBudget {
  readonly name: string;
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
    return { name, port, metricsPort: port + 1, oomScoreAdj, ...share };
  });
}

/** Whether this service of the plan is another environment of the main app rather than an app of its own. */
export function isEnvironment({ service, isMain }: AppPlace, { environments }: RenderOptions): boolean {
  return !isMain && isMaque(service) && environments.includes(service.request.name);
}

function isMaque(service: AppPlace['service']): service is PlannedMaque {
  return service.kind === 'maque';
}

type Sizes = Pick<EnvironmentBudget, 'workers' | 'budgetBytes' | 'memoryMaxBytes' | 'memoryHighBytes'>;

function sizesOf({ budget, budgetBytes, memoryMaxBytes, memoryHighBytes }: PlannedMaque): Sizes {
  return { workers: budget.workers, budgetBytes, memoryMaxBytes, memoryHighBytes };
}

function shareOfRest(
  { freeBytes }: BoxPlan,
  { budgetBytes: most, request }: PlannedMaque,
  count: number,
): Sizes {
  const budgetBytes = Math.max(1, Math.min(most, Math.floor(freeBytes / MAX_FACTOR / count)));
  const facts = { memoryBytes: budgetBytes, bound: 'cgroup-v2', cores: 1 } as const;
  const budget = allocate(facts, { memoryBytes: budgetBytes, workers: 1, server: request.server });
  if (!budget.fits) {
    const needed = formatBytes(budget.neededBytes * MAX_FACTOR * count);
    throw renderErrors.RENDER_ENVIRONMENTS_DO_NOT_FIT({
      data: { count, needed, free: formatBytes(freeBytes) },
    });
  }
  const memoryMaxBytes = Math.floor(budgetBytes * MAX_FACTOR);
  const memoryHighBytes = Math.floor(memoryMaxBytes * HIGH_SHARE);
  return { workers: budget.workers, budgetBytes, memoryMaxBytes, memoryHighBytes };
}
