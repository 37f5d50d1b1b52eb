import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedPython } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import { appTasks } from '../../app-tasks.ts';
import type { ConfigEntry } from '../../config-lines.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { environmentFileOf, launcherOf, limitsOf, serviceUnit } from './service-unit.ts';

/** Gunicorn tells systemd that it is ready, and says nothing to a watchdog; uvicorn says nothing at all. */
const START: Readonly<Record<PlannedPython['request']['server'], readonly ConfigEntry[]>> = {
  gunicorn: ['Type=notify', 'NotifyAccess=main', 'ExecReload=/bin/kill -HUP $MAINPID'],
  uvicorn: ['Type=exec'],
};

/** Gunicorn or uvicorn, whose launch script has the numbers. */
export function pythonUnit(
  place: AppPlace,
  { request }: PlannedPython,
  plan: BoxPlan,
  options: RenderOptions,
): RenderedFile {
  return serviceUnit(
    {
      unit: place.name,
      place,
      dataDir: place.dataDir,
      start: [...START[request.server], `ExecStart=${launcherOf(place)}`],
      environmentFile: environmentFileOf(place.name),
      limits: limitsOf(place),
      tasks: appTasks(place.service),
      reads: [],
    },
    plan,
    options,
  );
}
