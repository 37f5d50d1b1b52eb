import { type Bytes, MiB } from '@maque/kit';

// For what no sum foresees; with the largest of all budgets it still stays inside the reserve of the box.
const MAX_OVER_BUDGET = 1.05;
// Above MemoryHigh a unit is slowed down and nothing is logged: the gap is kept small.
const HIGH_OF_MAX = 0.9;
// Below this a limit saves nothing, and a program that reads its own files could not start.
const LEAST_MAX: Bytes = 16 * MiB;

/** What holds a service to its budget. */
export function limitsFor(budgetBytes: Bytes, oomScoreAdj: number) {
  const memoryMaxBytes = Math.max(LEAST_MAX, Math.ceil((budgetBytes * MAX_OVER_BUDGET) / MiB) * MiB);
  const memoryHighBytes = Math.floor((memoryMaxBytes * HIGH_OF_MAX) / MiB) * MiB;
  return { budgetBytes, memoryMaxBytes, memoryHighBytes, oomScoreAdj };
}

/**
 * `OOMScoreAdjust=`: the kernel adds a thousandth of all memory for each point and kills the highest. What holds the
 * data of everybody goes last, what is started again in a second goes first.
 */
export const OOM_SCORE = {
  database: -500,
  redis: -300,
  nginx: -200,
  /** earlyoom chooses the victim, so it must outlive it; as in Debian's unit. */
  killer: -100,
  agent: 0,
  app: 200,
  /** A gap in the charts hurts nobody. */
  exporter: 300,
} as const;
