import { type Bytes, MiB } from '@maque/kit';
import { limitFormulas } from '../../../plan/box/limits.ts';
import type { PlannedService } from '../../../plan/box/planned-service.ts';

/** Limits of a container in whole MiB, and how the hard one came about. */
export interface ContainerMemory {
  readonly budgetMb: number;
  readonly limitMb: number;
  readonly formula: string;
}

export function containerMemory(planned: PlannedService): ContainerMemory {
  return {
    budgetMb: wholeMebibytes(planned.budgetBytes),
    limitMb: wholeMebibytes(planned.memoryMaxBytes),
    formula: limitFormulas(planned).max,
  };
}

function wholeMebibytes(bytes: Bytes): number {
  return Math.floor(bytes / MiB);
}
