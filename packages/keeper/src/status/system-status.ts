import type { ProcessStatus, SystemStatus } from '@maque/contract';
import type { Bytes } from '@maque/kit';
import type { KeeperState, WorkerPhase } from '../policy/model.ts';
import type { WorkerProcess } from '../process/worker-process.ts';
import { heartbeatNumbers, NO_NUMBERS } from './heartbeat-numbers.ts';
import { readProcessMemory } from './process-memory.ts';

export interface StatusSource {
  readonly policyState: KeeperState;
  readonly workers: ReadonlyMap<string, WorkerProcess>;
  readonly startedAt: Date;
  readonly keeperBudgetBytes: Bytes;
  readonly workerBudgetBytes: Bytes;
}

const WORKER_STATES: Record<WorkerPhase, ProcessStatus['state']> = {
  starting: 'starting',
  probing: 'starting',
  ready: 'ready',
  draining: 'draining',
  killed: 'failed',
};

const KEEPER_STATES: Record<KeeperState['mode'], ProcessStatus['state']> = {
  starting: 'starting',
  running: 'ready',
  stopping: 'draining',
  over: 'stopped',
};

/** Reads the memory of every process and puts it beside its budget. */
export function systemStatus(source: StatusSource): SystemStatus {
  const processes = [keeperStatus(source), ...workerStatuses(source), ...vacantSeats(source)];
  return {
    at: new Date().toISOString(),
    // The budget is the plan's, for all seats, whoever lives just now.
    budget: source.keeperBudgetBytes + source.policyState.policy.workers * source.workerBudgetBytes,
    used: processes.reduce((sum, { pss, rss }) => sum + (pss ?? rss), 0),
    processes,
  };
}

function keeperStatus(source: StatusSource): ProcessStatus {
  return {
    id: 'keeper',
    role: 'keeper',
    pid: process.pid,
    state: KEEPER_STATES[source.policyState.mode],
    startedAt: source.startedAt.toISOString(),
    restarts: 0,
    ...(readProcessMemory(process.pid) ?? { rss: process.memoryUsage.rss(), pss: null }),
    budget: source.keeperBudgetBytes,
    ...NO_NUMBERS,
  };
}

function workerStatuses(source: StatusSource): ProcessStatus[] {
  return source.policyState.workers.flatMap(({ id, phase }) => {
    const worker = source.workers.get(id);
    if (worker === undefined) return [];
    return {
      id,
      role: 'worker',
      pid: worker.pid,
      state: WORKER_STATES[phase],
      startedAt: worker.startedAt.toISOString(),
      restarts: worker.restarts,
      ...(readProcessMemory(worker.pid) ?? { rss: 0, pss: null }),
      budget: worker.plan.limits.budgetBytes,
      ...heartbeatNumbers(worker.status),
    };
  });
}

/** Places whose worker has died and whose next one waits for its backoff: no process, no memory, no age. */
function vacantSeats({ policyState, workerBudgetBytes }: StatusSource): ProcessStatus[] {
  const { mode, seats, workers } = policyState;
  if (mode !== 'running') return [];
  const names = new Set(workers.map(({ id }) => id));
  return seats.flatMap(({ filledBefore, restarts }, seat) => {
    if (!filledBefore || workers.some((worker) => worker.seat === seat)) return [];
    return {
      id: takeLowestFreeName(names),
      role: 'worker',
      pid: 0,
      state: 'failed',
      startedAt: new Date().toISOString(),
      restarts,
      rss: 0,
      pss: null,
      budget: workerBudgetBytes,
      ...NO_NUMBERS,
    };
  });
}

/** The name that the next worker will get. */
function takeLowestFreeName(names: Set<string>): string {
  let number = 1;
  while (names.has(`w${number}`)) number += 1;
  names.add(`w${number}`);
  return `w${number}`;
}
