import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LaunchOptions } from '@maque/keeper';
import { formatBytes, say, type Text } from '@maque/kit';
import { type Budget, formatBasis, formatBudget, readFacts } from '@maque/ops';
import { alertOptionsOf } from '../alert/alert-options-of.ts';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { refuseSecondStart } from '../control/ask-keeper.ts';
import { openOutput } from '../logs/open-output.ts';
import { controlSocketIn } from '../settings/data-dir.ts';
import { logicalFolder } from '../settings/logical-folder.ts';
import { readSettings } from '../settings/read-settings.ts';
import { supervisionOf } from '../settings/supervision-settings.ts';
import { keeperOnly } from '../settings/worker-environment.ts';
import { startKeeper } from '../start/keeper-run.ts';
import { MOST_TRIES } from '../start/ports.ts';
import { stripTypesOnce } from '../start/strip-types-once.ts';
import { tellMisfit } from '../start/tell-misfit.ts';
import { workerLimitsOf } from '../start/worker-limits.ts';
import { programBudget } from './program-budget.ts';

const WORDS = {
  keeping: {
    en: 'Keeping {script}, workers: {workers}. Metrics: http://127.0.0.1:{port}/metrics',
    zh: '正在守护 {script}，工作进程：{workers}。指标：http://127.0.0.1:{port}/metrics',
  },
  budget: { en: 'Memory budget {limit} ({basis})', zh: '内存预算 {limit}（{basis}）' },
} satisfies Record<string, Text>;

// Where the search for a free port begins: the port of a server's metrics that design and dashboards know.
const METRICS_PORT = 8081;

/** `maque run`: keeps workers of a program that knows nothing of Maque. */
export async function runProgram(invocation: Invocation): Promise<ExitCode> {
  const { arguments: given, surroundings } = invocation;
  const { terminal, language, cwd, installation } = surroundings;
  const [script, ...args] = given;
  if (script === undefined) {
    throw commandErrors.ARGUMENT_MISSING({ data: { name: 'run', usage: '<script>' } });
  }
  const { settings, dataDir } = readSettings(invocation);
  const { metricsPort } = settings.values;
  const plan = programBudget(settings.values, readFacts());
  if (!plan.fits) return tellMisfit(plan, surroundings);
  const folder = logicalFolder(cwd, surroundings.env);
  const launch = async (fitting: Budget): Promise<LaunchOptions> => ({
    exec: script,
    args,
    cwd: folder,
    env: {
      ...keeperOnly,
      MAQUE_LANG: language,
      MAQUE_GUARD_REPORTS: join(dataDir, 'leak-reports'),
      ...(await stripTypesOnce(resolve(folder, script), dataDir)),
    },
    limits: workerLimitsOf(fitting),
  });

  await refuseSecondStart(dataDir);
  // Not node:fs/promises: nothing else of a keeper's start loads it, and it is 1 MiB of RSS for as long as the keeper lives.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  await using output = openOutput(settings.values.output, dataDir, surroundings);
  const keeper = await startKeeper(
    {
      ...(await launch(plan)),
      reload: async () => {
        const { values } = readSettings(invocation).settings;
        const fresh = programBudget(values, readFacts(), plan.workers);
        if (!fresh.fits) throw commandErrors.BUDGET_TOO_SMALL({ data: { workers: plan.workers } });
        return launch(fresh);
      },
      workers: plan.workers,
      keeperBudgetBytes: plan.keeperBytes,
      surge: plan.spareFits,
      preload: installation.preload,
      controlSocketPath: controlSocketIn(dataDir),
      alerts: alertOptionsOf(settings.values, cwd, language),
      metricsPort: metricsPort ?? METRICS_PORT,
      metricsPortTries: metricsPort === undefined ? MOST_TRIES : 1,
      ...supervisionOf(settings.values),
    },
    output,
    surroundings,
  );
  if (typeof keeper === 'number') return keeper;
  terminal.error(say(WORDS.keeping, language, { script, workers: plan.workers, port: keeper.metricsPort }));
  const limit = formatBytes(plan.basis.limitBytes);
  terminal.error(say(WORDS.budget, language, { limit, basis: formatBasis(plan.basis, language) }));
  terminal.error(formatBudget(plan, language));
  await keeper.ended;
  return 0;
}
