import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedPython } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import type { ConfigEntry } from '../../config-lines.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { environmentFileOf, launcherOf, limitsOf, serviceUnit } from './service-unit.ts';

/** The thread pool of Starlette is 40. */
const TASKS_EACH = 64;
const MORE_TASKS = 64;

/** Gunicorn tells systemd that it is ready, and says nothing to a watchdog; uvicorn says nothing at all. */
const START: Readonly<Record<PlannedPython['request']['server'], readonly ConfigEntry[]>> = {
  gunicorn: ['Type=notify', 'NotifyAccess=main', 'ExecReload=/bin/kill -HUP $MAINPID'],
  uvicorn: ['Type=exec'],
};

/** Gunicorn or uvicorn, whose launch script has the numbers. */
export function pythonUnit(
  place: AppPlace,
  { request, workers }: PlannedPython,
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
      tasks: {
        most: TASKS_EACH * workers + MORE_TASKS,
        formula: `${TASKS_EACH} × ${workers} + ${MORE_TASKS}`,
      },
      reads: [],
    },
    plan,
    options,
  );
}
