import type { WorkerStatus } from '@maque/guard';
import type { WorkerFacts } from '../policy/model.ts';
import { readForecasts, worstForecast } from './leak-forecasts.ts';
import { looseObject, numberOrNull } from './loose-values.ts';

/** What the policy goes by of a heartbeat, which came from another process and is read as what a stranger says. */
export function workerFacts(status: unknown): WorkerFacts {
  const { requests, forecasts } = looseObject<WorkerStatus>(status);
  const { total, perSecond } = looseObject<WorkerStatus['requests']>(requests);
  const worst = worstForecast(readForecasts(forecasts));
  const { probability, timeToLimitMs } = worst ?? {};
  return {
    requests: numberOrNull(total),
    perSecond: numberOrNull(perSecond),
    leak:
      worst?.verdict === 'leaking' && probability !== undefined
        ? { probability, timeToLimitMs: timeToLimitMs ?? null }
        : null,
  };
}
