import type { ProcessStatus, SystemStatus } from '@maque/contract';

export interface Traffic {
  readonly requestsPerSecond: number | null;
  readonly activeRequests: number | null;
  /** Percentiles cannot be added up, so these are the slowest worker's. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly workersReady: number;
  readonly workers: number;
}

/** What the whole server serves right now. A number is null when no process tells it. */
export function trafficOf(status: SystemStatus): Traffic {
  const workers = status.processes.filter((process) => process.role === 'worker');
  const known = (field: 'requestsPerSecond' | 'activeRequests' | 'p50Ms' | 'p99Ms') =>
    workers.map((worker) => worker[field]).filter((value) => value !== null);
  return {
    requestsPerSecond: sum(known('requestsPerSecond')),
    activeRequests: sum(known('activeRequests')),
    p50Ms: largest(known('p50Ms')),
    p99Ms: largest(known('p99Ms')),
    workersReady: workers.filter((worker: ProcessStatus) => worker.state === 'ready').length,
    workers: workers.length,
  };
}

function sum(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}
