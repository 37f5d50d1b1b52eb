import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedJava } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { environmentFileOf, launcherOf, limitsOf, serviceUnit } from './service-unit.ts';

/** Threads of the JVM itself: collector, compilers, signals, and what libraries start. */
const MORE_TASKS = 128;
/** How the JVM ends when it was asked to. */
const ENDED_BY_SIGNAL = 143;

/** A JVM, whose launch script bounds every part of it. It does not speak sd_notify: no watchdog. */
export function javaUnit(
  place: AppPlace,
  { threads }: PlannedJava,
  plan: BoxPlan,
  options: RenderOptions,
): RenderedFile {
  return serviceUnit(
    {
      unit: place.name,
      place,
      dataDir: place.dataDir,
      start: ['Type=exec', `ExecStart=${launcherOf(place)}`, `SuccessExitStatus=${ENDED_BY_SIGNAL}`],
      environmentFile: environmentFileOf(place.name),
      limits: limitsOf(place),
      tasks: { most: threads + MORE_TASKS, formula: `${threads} + ${MORE_TASKS}` },
      reads: [],
    },
    plan,
    options,
  );
}
