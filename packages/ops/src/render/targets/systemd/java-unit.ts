import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { AppPlace } from '../../app-places.ts';
import { appTasks } from '../../app-tasks.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { environmentFileOf, launcherOf, limitsOf, serviceUnit } from './service-unit.ts';

/** How the JVM ends when it was asked to. */
const ENDED_BY_SIGNAL = 143;

/** A JVM, whose launch script bounds every part of it. It does not speak sd_notify: no watchdog. */
export function javaUnit(place: AppPlace, plan: BoxPlan, options: RenderOptions): RenderedFile {
  return serviceUnit(
    {
      unit: place.name,
      place,
      dataDir: place.dataDir,
      start: ['Type=exec', `ExecStart=${launcherOf(place)}`, `SuccessExitStatus=${ENDED_BY_SIGNAL}`],
      environmentFile: environmentFileOf(place.name),
      limits: limitsOf(place),
      tasks: appTasks(place.service),
      reads: [],
    },
    plan,
    options,
  );
}
