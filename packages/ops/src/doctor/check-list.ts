import type { Check } from './check.ts';
import { availableMemory } from './checks/available-memory.ts';
import { cgroupVersion } from './checks/cgroup-version.ts';
import { containerLimits } from './checks/container-limits.ts';
import { earlyKiller } from './checks/early-killer.ts';
import { fileLimits } from './checks/file-limits.ts';
import { groupEvents } from './checks/group-events.ts';
import { hugePages } from './checks/huge-pages.ts';
import { limitsOversold } from './checks/limits-oversold.ts';
import { memoryGrowth } from './checks/memory-growth.ts';
import { memoryHigh } from './checks/memory-high.ts';
import { memoryPressure } from './checks/memory-pressure.ts';
import { noSwap } from './checks/no-swap.ts';
import { oomHistory } from './checks/oom-history.ts';
import { oomPolicy } from './checks/oom-policy.ts';
import { oomSettings } from './checks/oom-settings.ts';
import { overcommit } from './checks/overcommit.ts';
import { podLimits } from './checks/pod-limits.ts';
import { swapThrash } from './checks/swap-thrash.ts';
import { swappiness } from './checks/swappiness.ts';
import { taskLimits } from './checks/task-limits.ts';
import { unitRestarts } from './checks/unit-restarts.ts';
import { unitWithoutLimit } from './checks/unit-without-limit.ts';
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
  // B: units and limits
  cgroupVersion,
  unitWithoutLimit,
  limitsOversold,
  memoryHigh,
  oomPolicy,
  unitRestarts,
  fileLimits,
  taskLimits,
  containerLimits,
  podLimits,
];
