import type { AppPlace } from '../../app-places.ts';
import { containerMemory } from '../container/container-memory.ts';

/** What one pod is given. */
export interface PodSize {
  readonly requestMb: number;
  readonly limitMb: number;
  /** Of the limit. */
  readonly formula: string;
  readonly workers: number;
  readonly replicas: number;
}

/** What a Node with drivers of databases holds beside its heap at most, in 56 runs. */
const BESIDE_HEAP_MB = 85;
const OVER_BUDGET = 1.05;
/** What maque doctor demands of pods (B10). */
const MOST_HEAP_SHARE = 0.75;
const FEWEST_REPLICAS = 2;

/**
 * A Node program is one process a pod, so that Kubernetes sees and replaces each of them; of all others a pod is what
 * the plan has for the service.
 */
export function podSize({ service }: AppPlace): PodSize {
  const { budgetMb, limitMb, formula } = containerMemory(service);
  const whole = { requestMb: budgetMb, limitMb, formula };
  if (service.kind === 'maque') return { ...whole, workers: service.budget.workers, replicas: 1 };
  if (service.kind !== 'node') {
    const workers = service.kind === 'python' ? service.workers : 1;
    return { ...whole, workers, replicas: FEWEST_REPLICAS };
  }
  const { oldSpaceMb, semiSpaceMb } = service;
  const requestMb = oldSpaceMb + 3 * semiSpaceMb + BESIDE_HEAP_MB;
  const [byBudget, byHeap] = [Math.ceil(OVER_BUDGET * requestMb), Math.ceil(oldSpaceMb / MOST_HEAP_SHARE)];
  return {
    requestMb,
    limitMb: Math.max(byBudget, byHeap),
    formula:
      byHeap > byBudget
        ? `${oldSpaceMb} ÷ 0.75`
        : `1.05 × (${oldSpaceMb} + 3 × ${semiSpaceMb} + ${BESIDE_HEAP_MB})`,
    workers: 1,
    replicas: Math.max(FEWEST_REPLICAS, service.workers),
  };
}
