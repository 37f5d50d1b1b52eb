import type { PlanRequest } from '../box/box-request.ts';
import type { Capacity, Demand } from './capacity.ts';
import { BUSY_SHARE, CLOUD_CORE_FACTOR, CPU_COSTS } from './cpu-costs.ts';
import { scarcestOf } from './scarcest.ts';
import { shortNumber } from './short-number.ts';

// The small ones that are sold have one or two cores; who moves out of a small box takes no large one. Assumed.
const DATABASE_CORES = 2;
const MICROS = 1e6;

/** However many boxes there are, they share one managed database: its CPU bounds them all. */
export function heldByDatabase(
  capacity: Capacity,
  { dau, peakQps }: Demand,
  { elsewhere, calibration }: PlanRequest,
): Capacity {
  if (elsewhere?.includes('database') !== true) return capacity;
  const micros = calibration?.databaseCpuMicrosPerRequest ?? CPU_COSTS.database.micros * CLOUD_CORE_FACTOR;
  const qps = (BUSY_SHARE * DATABASE_CORES * MICROS) / micros;
  if (qps >= capacity.qpsByResource.cpu) return capacity;
  const users = peakQps === 0 ? capacity.dauByResource.cpu : Math.floor((qps * dau) / peakQps);
  return {
    ...capacity,
    ...scarcestOf({ ...capacity.dauByResource, cpu: users }, { ...capacity.qpsByResource, cpu: qps }),
    formulas: {
      ...capacity.formulas,
      cpu: `${BUSY_SHARE} × ${DATABASE_CORES} × 10⁶ ÷ (database ${shortNumber(micros)} µs)`,
    },
  };
}
