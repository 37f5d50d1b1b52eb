import type { Milliseconds } from '@maque/kit';
import type { OpenLoopPlan } from '../load/load-plan.ts';

/** The steady load under which workers are killed and replaced. */
export const FAULT_LOAD: OpenLoopPlan = {
  loop: 'open',
  requestsPerSecond: 300,
  outstandingPerConnection: 1,
  whenBusy: 'wait',
};
export const FAULT_WARM_UP_MS: Milliseconds = 2_000;
