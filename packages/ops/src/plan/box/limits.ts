import { type Bytes, MiB } from '@maque/kit';
import { inMiB } from '../in-mebibytes.ts';

/** For what no sum foresees; with the largest of all budgets it still stays inside the reserve of the box. */
export const MAX_OVER_BUDGET = 1.05;
// Above MemoryHigh a unit is slowed down and nothing is logged: the gap is kept small.
const HIGH_OF_MAX = 0.9;
// Below this a limit saves nothing, and a program that reads its own files could not start.
const LEAST_MAX: Bytes = 16 * MiB;

/**
 * What holds a service to its budget. The brake never lies below the budget: that is an upper bound of what a healthy
 * service holds, so one that has filled its pools must not be slowed down there for good.
 */
export function limitsFor(budgetBytes: Bytes, oomScoreAdj: number) {
  const memoryMaxBytes = Math.max(LEAST_MAX, Math.ceil((budgetBytes * MAX_OVER_BUDGET) / MiB) * MiB);
  const memoryHighBytes = Math.max(budgetBytes, Math.floor((memoryMaxBytes * HIGH_OF_MAX) / MiB) * MiB);
  return { budgetBytes, memoryMaxBytes, memoryHighBytes, oomScoreAdj };
}

/** How the two came about, in MiB. */
export function limitFormulas(
  limits: Pick<ReturnType<typeof limitsFor>, 'budgetBytes' | 'memoryMaxBytes' | 'memoryHighBytes'>,
) {
  const { budgetBytes, memoryMaxBytes, memoryHighBytes } = limits;
  const least = memoryMaxBytes === LEAST_MAX ? `, ≥ ${inMiB(LEAST_MAX)}` : '';
  return {
    max: `${MAX_OVER_BUDGET} × ${inMiB(budgetBytes)} MiB${least}`,
    high:
      memoryHighBytes === budgetBytes
        ? `${inMiB(budgetBytes)} MiB`
        : `${HIGH_OF_MAX} × ${inMiB(memoryMaxBytes)} MiB`,
  };
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
