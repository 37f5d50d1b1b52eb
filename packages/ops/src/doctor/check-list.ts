import type { Check } from './check.ts';
import { availableMemory } from './checks/available-memory.ts';
import { earlyKiller } from './checks/early-killer.ts';
import { groupEvents } from './checks/group-events.ts';
import { hugePages } from './checks/huge-pages.ts';
import { memoryGrowth } from './checks/memory-growth.ts';
import { memoryPressure } from './checks/memory-pressure.ts';
import { noSwap } from './checks/no-swap.ts';
import { oomHistory } from './checks/oom-history.ts';
import { oomSettings } from './checks/oom-settings.ts';
import { overcommit } from './checks/overcommit.ts';
import { swapThrash } from './checks/swap-thrash.ts';
import { swappiness } from './checks/swappiness.ts';
import { unownedMemory } from './checks/unowned-memory.ts';
import { victimOrder } from './checks/victim-order.ts';

/** Every check there is, group by group. */
export const checks: readonly Check[] = [
  // A: memory
  availableMemory,
  memoryPressure,
  noSwap,
  swapThrash,
  swappiness,
  overcommit,
  oomHistory,
  groupEvents,
  oomSettings,
  victimOrder,
  hugePages,
  unownedMemory,
  memoryGrowth,
  earlyKiller,
];
