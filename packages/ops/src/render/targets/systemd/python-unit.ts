import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedPython } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import { type ConfigEntry, numbered } from '../../config-lines.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { meanings } from './meanings.ts';
import { environmentFileOf, limitsOf, serviceUnit } from './service-unit.ts';

/** The thread pool of Starlette is 40. */
const TASKS_EACH = 64;
const MORE_TASKS = 64;
const TIMEOUT_SECONDS = 30;
const CONCURRENCY = 200;

/** Gunicorn or uvicorn out of the app's own environment. */
export function pythonUnit(
  place: AppPlace,
  service: PlannedPython,
  plan: BoxPlan,
  options: RenderOptions,
): RenderedFile {
  const isGunicorn = service.request.server === 'gunicorn';
  return serviceUnit(
    {
      unit: place.name,
      place,
      dataDir: place.dataDir,
      start: isGunicorn ? gunicorn(place, service) : uvicorn(place, service),
      environmentFile: environmentFileOf(place.name),
      limits: limitsOf(place),
      tasks: {
        most: TASKS_EACH * service.workers + MORE_TASKS,
        formula: `${TASKS_EACH} × ${service.workers} + ${MORE_TASKS}`,
      },
      reads: [],
    },
    plan,
    options,
  );
}

function gunicorn(
  { appDir, port }: AppPlace,
  { workers, maxRequests, maxRequestsJitter }: PlannedPython,
): readonly ConfigEntry[] {
  const flags = [
    `--bind 127.0.0.1:${port}`,
    `--workers ${workers}`,
    `--max-requests ${maxRequests}`,
    `--max-requests-jitter ${maxRequestsJitter}`,
    `--timeout ${TIMEOUT_SECONDS}`,
    // A disk that hangs must not look like a worker that does.
    '--worker-tmp-dir /dev/shm',
  ];
  return [
    // Gunicorn tells systemd that it is ready; it says nothing to a watchdog.
    'Type=notify',
    'NotifyAccess=main',
    ...commonLines(port, workers),
    numbered(meanings.maxRequests, `--max-requests ${maxRequests} ± ${maxRequestsJitter}`),
    numbered(meanings.requestTimeout, `--timeout ${TIMEOUT_SECONDS}`),
    `ExecStart=${appDir}/.venv/bin/gunicorn ${flags.join(' ')} app:app`,
    'ExecReload=/bin/kill -HUP $MAINPID',
  ];
}

function uvicorn(
  { appDir, port }: AppPlace,
  { workers, maxRequests }: PlannedPython,
): readonly ConfigEntry[] {
  const flags = [
    '--host 127.0.0.1',
    `--port ${port}`,
    `--workers ${workers}`,
    `--limit-max-requests ${maxRequests}`,
    `--limit-concurrency ${CONCURRENCY}`,
  ];
  return [
    'Type=exec',
    ...commonLines(port, workers),
    numbered(meanings.maxRequests, `--limit-max-requests ${maxRequests}`),
    numbered(meanings.concurrency, `--limit-concurrency ${CONCURRENCY}`),
    `ExecStart=${appDir}/.venv/bin/uvicorn ${flags.join(' ')} app:app`,
  ];
}

function commonLines(port: number, workers: number): readonly ConfigEntry[] {
  return [
    // Otherwise lines of a log wait in a buffer, and the last ones die with the process.
    'Environment=PYTHONUNBUFFERED=1',
    numbered(meanings.port, `port ${port}`),
    numbered(meanings.workers, `--workers ${workers}`),
  ];
}
