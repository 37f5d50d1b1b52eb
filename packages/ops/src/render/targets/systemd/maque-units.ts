import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedMaque } from '../../../plan/box/planned-service.ts';
import type { MaqueRequest } from '../../../plan/box/service-request.ts';
import type { AppPlace } from '../../app-places.ts';
import { appTasks, nodeTasks } from '../../app-tasks.ts';
import { because, type ConfigEntry, numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { toldVariables } from '../../told-variables.ts';
import { emptyFileOnce } from './empty-file.ts';
import { type EnvironmentBudget, environmentBudgets } from './environment-budgets.ts';
import { limitLines } from './limit-lines.ts';
import { meanings } from './meanings.ts';
import { environmentFileOf, limitsOf, RELOAD, serviceUnit, UNIT_FOLDER } from './service-unit.ts';

const WATCHDOG_SECONDS = 30;
/** Does not fit: trying again changes nothing. */
const MISFIT_STATUS = 2;

const TRUSTED = {
  en: 'nginx of this box says who calls; nobody else is believed.',
  zh: '调用者的地址由本机 nginx 告知，其他来源一概不信。',
};

export function maqueUnit(
  place: AppPlace,
  service: PlannedMaque,
  plan: BoxPlan,
  options: RenderOptions,
): RenderedFile {
  const { name, appDir, dataDir, port, metricsPort } = place;
  const { node, maque } = options;
  const { budget } = service;
  const flags = `--env prod --data-dir ${dataDir} --port ${port} --metrics-port ${metricsPort}`;
  const sizes = `--memory ${budget.basis.limitBytes} --workers ${budget.workers}`;
  return serviceUnit(
    {
      unit: name,
      place,
      dataDir,
      start: [
        ...keeperLines(),
        ...proxyLines(plan),
        ...toldLines(service.request),
        numbered(meanings.port, `--port ${port}, --metrics-port ${metricsPort}`),
        numbered(meanings.memory, `--memory ${budget.basis.limitBytes}`),
        numbered(meanings.workers, `--workers ${budget.workers}`),
        `ExecStart=${node} ${maque} start ${appDir} ${flags} ${sizes}`,
        'ExecReload=/bin/kill -HUP $MAINPID',
        `RestartPreventExitStatus=${MISFIT_STATUS}`,
      ],
      environmentFile: environmentFileOf(name),
      limits: limitsOf(place),
      tasks: appTasks(service),
      reads: [node, maque],
    },
    plan,
    options,
  );
}

/** `shop@staging.service`: a template, and a drop-in with the numbers of each environment. */
export function environmentUnits(
  place: AppPlace,
  plan: BoxPlan,
  options: RenderOptions,
): readonly RenderedFile[] {
  const environments = environmentBudgets(plan, options);
  if (environments.length === 0) return [];
  const { name, appDir, dataDir } = place;
  const { node, maque } = options;
  const template = serviceUnit(
    {
      unit: `${name}@`,
      place,
      dataDir: `${dataDir}-%i`,
      start: [
        ...keeperLines(),
        ...proxyLines(plan),
        `ExecStart=${node} ${maque} start ${appDir} --env %i --data-dir ${dataDir}-%i`,
        'ExecReload=/bin/kill -HUP $MAINPID',
        `RestartPreventExitStatus=${MISFIT_STATUS}`,
      ],
      environmentFile: environmentFileOf(`${name}-%i`),
      limits: [],
      tasks: nodeTasks(Math.max(...environments.map(({ workers }) => workers))),
      reads: [node, maque],
    },
    plan,
    options,
  );
  return [template, ...environments.map((environment) => instance(name, environment, options))];
}

function instance(app: string, environment: EnvironmentBudget, { language }: RenderOptions): RenderedFile {
  const { name, request, budgetBytes, workers, port, metricsPort } = environment;
  const unit = `${app}@${name}.service`;
  const content = writeConfig(
    [
      headOf('systemd', language),
      '[Service]',
      ...toldLines(request),
      numbered(meanings.port, '', `Environment=PORT=${port}`),
      numbered(meanings.port, '', `Environment=MAQUE_METRICS_PORT=${metricsPort}`),
      numbered(meanings.memory, '', `Environment=MAQUE_MEMORY=${budgetBytes}`),
      numbered(meanings.workers, '', `Environment=MAQUE_WORKERS=${workers}`),
      ...limitLines(environment),
    ],
    language,
  );
  return {
    target: 'systemd',
    path: `${UNIT_FOLDER}/${unit}.d/50-maque-numbers.conf`,
    content,
    apply: RELOAD,
    next: [
      emptyFileOnce(environmentFileOf(`${app}-${name}`), 'root'),
      `systemctl enable ${unit} && systemctl restart ${unit}`,
    ],
  };
}

/** The keeper tells systemd how it is, through a process of its own. */
export function keeperLines(): readonly ConfigEntry[] {
  return [
    'Type=notify',
    'NotifyAccess=all',
    numbered(meanings.WatchdogSec, '', `WatchdogSec=${WATCHDOG_SECONDS}`),
    'Environment=NODE_ENV=production',
  ];
}

/** Without it every caller has nginx's address, and whoever guesses passwords at the console locks all others out. */
function proxyLines({ services }: BoxPlan): readonly ConfigEntry[] {
  if (!services.some(({ kind }) => kind === 'nginx')) return [];
  return [because(TRUSTED, 'Environment=MAQUE_TRUSTED_PROXY=127.0.0.1')];
}

function toldLines(request: MaqueRequest): readonly ConfigEntry[] {
  return toldVariables(request).map(({ name, value }) =>
    numbered(meanings.serverSetting, '', `Environment=${name}=${value}`),
  );
}
