import { type Bytes, MiB } from '@maque/kit';
import type { PlannedService } from '../../../plan/box/planned-service.ts';

/** Limits of a container in whole MiB, and how the hard one came about. */
export interface ContainerMemory {
  readonly budgetMb: number;
  readonly limitMb: number;
  readonly formula: string;
}

const OVER_BUDGET = 1.05;

export function containerMemory({ budgetBytes, memoryMaxBytes }: PlannedService): ContainerMemory {
  const [budgetMb, limitMb] = [wholeMebibytes(budgetBytes), wholeMebibytes(memoryMaxBytes)];
  // A very small service gets what any program needs to start.
  const isRaised = memoryMaxBytes > budgetBytes * OVER_BUDGET + MiB;
  return {
    budgetMb,
    limitMb,
    formula: `${OVER_BUDGET} × ${budgetMb} MiB${isRaised ? `, ≥ ${limitMb}` : ''}`,
  };
}

function wholeMebibytes(bytes: Bytes): number {
  return Math.floor(bytes / MiB);
}
