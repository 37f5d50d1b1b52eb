import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedNode } from '../../../plan/box/planned-service.ts';
import { isKeptByKeeper } from '../../../plan/box/services/node.ts';
import type { AppPlace } from '../../app-places.ts';
import { appTasks } from '../../app-tasks.ts';
import { type ConfigEntry, numbered } from '../../config-lines.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { heapOption } from '../../told-variables.ts';
import { keeperLines } from './maque-units.ts';
import { meanings } from './meanings.ts';
import { environmentFileOf, limitsOf, serviceUnit } from './service-unit.ts';

/** Any Node program: kept by our keeper, or alone. What PM2 keeps runs in PM2's own unit. */
export function nodeUnit(
  place: AppPlace,
  service: PlannedNode,
  plan: BoxPlan,
  options: RenderOptions,
): RenderedFile {
  const { node, maque } = options;
  return serviceUnit(
    {
      unit: place.name,
      place,
      dataDir: place.dataDir,
      start: isKeptByKeeper(service.request)
        ? keptLines(place, service, options)
        : aloneLines(place, service, options),
      environmentFile: environmentFileOf(place.name),
      limits: limitsOf(place),
      tasks: appTasks(service),
      reads: [node, maque],
    },
    plan,
    options,
  );
}

function keptLines(
  { appDir, dataDir, port, metricsPort }: AppPlace,
  { budgetBytes, workers, request: { oldSpaceMb } }: PlannedNode,
  { node, maque }: RenderOptions,
): readonly ConfigEntry[] {
  const heap = oldSpaceMb === undefined ? undefined : `--heap ${heapOption(oldSpaceMb)}`;
  const sizes = [`--memory ${budgetBytes}`, `--workers ${workers}`, ...(heap === undefined ? [] : [heap])];
  const flags = [`--data-dir ${dataDir} --metrics-port ${metricsPort}`, ...sizes].join(' ');
  return [
    ...keeperLines(),
    numbered(meanings.port, '', `Environment=PORT=${port}`),
    numbered(meanings.memory, `--memory ${budgetBytes}`),
    numbered(meanings.workers, `--workers ${workers}`),
    ...(heap === undefined ? [] : [numbered(meanings.oldSpace, heap)]),
    `ExecStart=${node} ${maque} run ${flags} ${appDir}/server.js`,
    'ExecReload=/bin/kill -HUP $MAINPID',
  ];
}

/** WEB_CONCURRENCY is what programs that start their own workers look at. */
function aloneLines(
  { appDir, port }: AppPlace,
  { oldSpaceMb, semiSpaceMb, workers }: PlannedNode,
  { node }: RenderOptions,
): readonly ConfigEntry[] {
  return [
    'Type=exec',
    'Environment=NODE_ENV=production',
    numbered(meanings.port, '', `Environment=PORT=${port}`),
    numbered(meanings.workers, '', `Environment=WEB_CONCURRENCY=${workers}`),
    numbered(meanings.oldSpace, `--max-old-space-size ${oldSpaceMb}`),
    numbered(meanings.semiSpace, `--max-semi-space-size ${semiSpaceMb}`),
    `ExecStart=${node} --max-old-space-size=${oldSpaceMb} --max-semi-space-size=${semiSpaceMb} ${appDir}/server.js`,
  ];
}
