import type { ProcessStatus, SystemStatus } from '@maque/contract';
import { memoryOf } from './process-history.ts';

/** One segment of the budget bar. */
export interface BudgetShare {
  readonly process: ProcessStatus;
  readonly bytes: number;
  /** Part of the bar, 0 to 1. */
  readonly part: number;
}

export interface BudgetBar {
  readonly shares: readonly BudgetShare[];
  /** Bytes that nobody uses yet; 0 when the budget is exceeded. */
  readonly free: number;
  /** Bytes beyond the budget; 0 when it holds. */
  readonly over: number;
  /** Used of the budget, 1 at its end; 0 when there is no budget. */
  readonly usage: number;
  /** Where the budget ends on the bar, 0 to 1; below 1 only when it is exceeded. */
  readonly budgetEnd: number;
}

/** Lays the processes out along the whole budget, or along what they use when that is more. */
export function budgetBar(status: SystemStatus): BudgetBar {
  const { budget, used } = status;
  const inUse = status.processes.map((process) => ({ process, bytes: memoryOf(process) }));
  const whole = Math.max(
    budget,
    inUse.reduce((total, share) => total + share.bytes, 0),
  );
  return {
    shares: inUse.map((share) => ({ ...share, part: whole === 0 ? 0 : share.bytes / whole })),
    free: Math.max(0, budget - used),
    over: Math.max(0, used - budget),
    usage: budget === 0 ? 0 : used / budget,
    budgetEnd: whole === 0 ? 1 : budget / whole,
  };
}

export type Level = 'calm' | 'high' | 'over';

/**
 * How a share of a limit is to be shown.
 * High from 85 %: the line at which the memory guard raises its alarm on a heap's floor.
 */
export function levelOf(used: number, limit: number): Level {
  if (limit <= 0 || used < 0.85 * limit) return 'calm';
  return used > limit ? 'over' : 'high';
}
