import type { PlanRequest } from '../box/box-request.ts';
import type { ServiceRequest } from '../box/service-request.ts';
import { CLOUD_CORE_FACTOR, CPU_COSTS, type CpuCost, type CpuCostName } from './cpu-costs.ts';

/** CPU time of one request in one program on this box. */
export interface RequestCost {
  /** The service's name. */
  readonly service: string;
  readonly role: 'proxy' | 'app' | 'database' | 'redis';
  readonly micros: number;
  readonly basis: CpuCost['basis'] | 'calibrated';
  readonly cost: CpuCostName;
}

/** What every program on the box spends on one request. Of several apps a request meets one: the dearest counts. */
export function requestCosts(request: PlanRequest): readonly RequestCost[] {
  const all = request.services.flatMap((service) => costOf(service, request) ?? []);
  const dearest = all
    .filter(({ role }) => role === 'app')
    .reduce<RequestCost | undefined>(
      (most, each) => (most !== undefined && most.micros >= each.micros ? most : each),
      undefined,
    );
  return all.filter((each) => each.role !== 'app' || each === dearest);
}

function costOf(service: ServiceRequest, request: PlanRequest): RequestCost | undefined {
  const kind = kindOf(service, request);
  if (kind === undefined) return undefined;
  const { calibration } = request;
  const calibrated = {
    app: calibration?.cpuMicrosPerRequest,
    proxy: calibration?.proxyCpuMicrosPerRequest,
    database: calibration?.databaseCpuMicrosPerRequest,
    redis: calibration?.redisCpuMicrosPerRequest,
  }[kind.role];
  const { micros, basis } = CPU_COSTS[kind.cost];
  return {
    service: service.name,
    ...kind,
    micros: calibrated ?? micros * CLOUD_CORE_FACTOR,
    basis: calibrated === undefined ? basis : 'calibrated',
  };
}

function kindOf(
  service: ServiceRequest,
  request: PlanRequest,
): Pick<RequestCost, 'role' | 'cost'> | undefined {
  switch (service.kind) {
    case 'nginx':
      return { role: 'proxy', cost: 'nginx' };
    case 'maque':
      return { role: 'app', cost: hasNetworkDatabase(request) ? 'maque-network-database' : 'maque-sqlite' };
    case 'node':
      return { role: 'app', cost: 'node' };
    case 'java':
      return { role: 'app', cost: `java-${service.framework}` };
    case 'python':
      return { role: 'app', cost: `python-${service.server}` };
    case 'mariadb':
    case 'mysql':
      return { role: 'database', cost: 'database' };
    case 'redis':
      return { role: 'redis', cost: 'redis' };
    case 'agent':
    case 'watcher':
      return undefined;
  }
}

function hasNetworkDatabase({ services, elsewhere }: PlanRequest): boolean {
  return (
    elsewhere?.includes('database') === true ||
    services.some(({ kind }) => kind === 'mariadb' || kind === 'mysql')
  );
}
