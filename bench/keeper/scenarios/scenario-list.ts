import { chaosScenario } from './chaos.ts';
import { dayScenario } from './day.ts';
import { hangScenario } from './hang.ts';
import { idleScenario } from './idle.ts';
import { killScenario } from './kill.ts';
import { leaksScenario } from './leaks.ts';
import { replaceScenario } from './replace.ts';
import type { Scenario } from './scenario.ts';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  replaceScenario,
  leaksScenario,
  killScenario,
  hangScenario,
  chaosScenario,
  idleScenario,
  dayScenario,
];
