import type { SystemStatus } from '@maque/contract';
import type { Guard } from '@maque/guard';
import type { Clock } from '@maque/kit';

/** The state of this process alone, for a server that runs without a keeper. It has no budget but the box. */
export function ownStatus(guard: Guard, workerId: string, clock: Clock): SystemStatus {
  const { memory, requests, forecasts, leaks } = guard.state();
  const rss = memory.rss ?? 0;
  const budget = memory.boxLimit ?? 0;
  return {
    at: new Date(clock.now()).toISOString(),
    budget,
    used: rss,
    processes: [
      {
        id: workerId,
        role: 'worker',
        pid: process.pid,
        state: 'ready',
        startedAt: new Date(clock.now() - memory.uptimeMs).toISOString(),
        restarts: 0,
        rss,
        pss: null,
        budget,
        heapUsed: memory.heapUsed,
        heapLimit: memory.heapLimit,
        external: memory.external,
        heapFloor: memory.heapFloor,
        leak: forecasts.find(({ pool }) => pool === leaks.suspected) ?? null,
        loopDelayP99Ms: memory.loopDelayP99Ms,
        loopUtilization: memory.loopUtilization,
        requestsPerSecond: requests.perSecond,
        p50Ms: requests.p50Ms,
        p99Ms: requests.p99Ms,
        activeRequests: requests.active,
      },
    ],
  };
}
