import { mostUntoldWorkers } from '../allocate.ts';
import type { PlanRequest } from './box-request.ts';
import { APP_KINDS, DATABASE_KINDS, type ServiceKind, type ServiceRequest } from './service-request.ts';

// A core works on a few queries at a time; what waits in the app costs less than what waits in the database.
const UNTOLD_POOL = { maque: 5, node: 5, java: 10, python: 5 } as const;
// More than four do not help a small box, whatever its cores.
const MOST_UNTOLD_WORKERS = 4;

export function hasApps({ services }: PlanRequest): boolean {
  return services.some(({ kind }) => APP_KINDS.has(kind));
}

export function countOf({ services }: PlanRequest, ...kinds: readonly ServiceKind[]): number {
  return services.filter(({ kind }) => kinds.includes(kind)).length;
}

/** One core is left to a database on the same box. */
export function untoldWorkers({ box, services }: PlanRequest): number {
  const own = services.some(({ kind }) => DATABASE_KINDS.has(kind)) ? box.cores - 1 : box.cores;
  return Math.min(MOST_UNTOLD_WORKERS, Math.max(1, own));
}

/** Connections that one process of an app keeps to its database. */
export function poolOf(service: ServiceRequest): number {
  switch (service.kind) {
    case 'maque':
      return UNTOLD_POOL.maque;
    case 'node':
    case 'java':
    case 'python':
      return service.poolSize ?? UNTOLD_POOL[service.kind];
    default:
      return 0;
  }
}

/**
 * Connections of all apps together, with as many workers as they may ever run: so the database does not need more
 * when there is memory for one worker more.
 */
export function sumOfPools(plan: PlanRequest): number {
  return plan.services.reduce((sum, service) => sum + poolOf(service) * mostWorkersOf(service, plan), 0);
}

function mostWorkersOf(service: ServiceRequest, plan: PlanRequest): number {
  switch (service.kind) {
    case 'maque':
      return service.workers ?? mostUntoldWorkers(plan.box.cores);
    case 'node':
    case 'python':
      return service.workers ?? untoldWorkers(plan);
    default:
      return 1;
  }
}
