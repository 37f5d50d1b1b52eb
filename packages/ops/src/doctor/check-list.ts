import type { Check } from './check.ts';
import { availableMemory } from './checks/available-memory.ts';

/** Every check there is, group by group. */
export const checks: readonly Check[] = [availableMemory];
