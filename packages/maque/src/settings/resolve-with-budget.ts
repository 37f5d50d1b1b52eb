import { MiB, type ResolvedSettings, resolveSettings, type SettingsSource } from '@maque/kit';
import { allocate, type BoxFacts, type Budget, type DoesNotFit } from '@maque/ops';
import { type MaqueSettings, maqueSettings } from './settings-table.ts';

/** The settings with the memory plan that they give, its limits filled in where the user told none. */
export interface BudgetedSettings {
  readonly settings: ResolvedSettings<typeof maqueSettings>;
  readonly plan: Budget | DoesNotFit;
}

/** What a command fixes for itself, whatever the settings say. */
export interface PlanLimits {
  readonly workers?: number;
}

/**
 * Resolves the settings and plans with them; what the plan gives comes back as the weakest source of settings.
 * @throws SettingsError with everything that is wrong in any source.
 */
export function resolveWithBudget(
  sources: readonly SettingsSource[],
  facts: BoxFacts,
  limits: PlanLimits = {},
): BudgetedSettings {
  const told = resolveSettings(maqueSettings, sources);
  const plan = allocate(facts, wishesOf(told, limits));
  if (!plan.fits) return { settings: told, plan };
  const planned: SettingsSource = { kind: 'file', label: 'memory budget', entries: { ...limitsOf(plan) } };
  return { settings: resolveSettings(maqueSettings, [planned, ...sources]), plan };
}

/** Whether the simulator stands in for WeChat: never in prod, nor where there is an AppID. */
export function needsSimulator(settings: MaqueSettings): boolean {
  return settings.env !== 'prod' && settings.wechatAppId === undefined;
}

function wishesOf(settings: ResolvedSettings<typeof maqueSettings>, limits: PlanLimits) {
  const { workers, ...told } = toldOfServer(settings);
  return { ...told, workers: limits.workers ?? workers, simulator: needsSimulator(settings.values) };
}

/** `--max-old-space-size`, where it was told. */
export function oldSpaceMbOf({ heap }: Pick<MaqueSettings, 'heap'>): number | undefined {
  return heap === undefined ? undefined : Math.floor(heap / MiB);
}

/** What of the memory was told, by whatever source; what was not is planned. */
export function toldOfServer({ values, origins }: ResolvedSettings<typeof maqueSettings>) {
  const told = <Name extends keyof MaqueSettings>(name: Name) =>
    origins[name] === 'default' ? undefined : values[name];
  return {
    memoryBytes: values.memory,
    workers: values.workers,
    oldSpaceMb: oldSpaceMbOf(values),
    server: {
      bodyLimitBytes: values.bodyLimit,
      bodyMemoryBytes: told('bodyMemory'),
      cacheBytes: told('cacheMemory'),
      sqliteCacheBytes: told('sqliteCache'),
      maxConcurrent: told('maxConcurrent'),
      maxConnections: told('maxConnections'),
    },
  };
}

function limitsOf({ server, workers }: Budget): Partial<MaqueSettings> {
  if (server === undefined) return {};
  return {
    sharedBy: workers,
    cacheMemory: server.cacheBytes,
    sqliteCache: server.sqliteCacheBytes,
    bodyMemory: server.bodyMemoryBytes,
    maxConcurrent: server.maxConcurrent,
    maxConnections: server.maxConnections,
  };
}
