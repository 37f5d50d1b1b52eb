import type { Bytes } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedWatcher } from '../../../plan/box/planned-service.ts';
import type { WatcherRequest } from '../../../plan/box/service-request.ts';
import { type AppPlace, appPlaces, isKept } from '../../app-places.ts';
import type { RenderOptions } from '../../target.ts';
import { environmentBudgets, isEnvironment } from '../systemd/environment-budgets.ts';

/** A keeper whose metrics are read. */
export interface WatchedKeeper {
  readonly app: string;
  readonly environment: string;
  readonly metricsPort: number;
  /** The one that the options are about, of which the plan knows the workers. */
  readonly isMain: boolean;
  readonly workers: number;
}

/** A program beside the apps that has numbers to scrape. */
export interface Exporter {
  /** The value of the label `job`. */
  readonly job: string;
  /** The port that it has by custom. */
  readonly port: number;
}

/** What of a plan can be watched: which rules have anything to look at, and with which limits. */
export interface Watched {
  /** Apps with a keeper, which are those that tell of themselves. */
  readonly keepers: readonly WatchedKeeper[];
  /** Workers of the main app; 0 where it has no keeper. */
  readonly workers: number;
  /** The server of this project, with its requests, jobs and payments; a keeper alone knows memory and deaths. */
  readonly hasServer: boolean;
  readonly hasPayments: boolean;
  readonly hasNodeExporter: boolean;
  readonly hasAlertmanager: boolean;
  /** It runs on this very box, and so ends with it. */
  readonly hasPrometheus: boolean;
  readonly exporters: readonly Exporter[];
  readonly memoryBytes: Bytes;
  /** What the plan leaves free on purpose; 0 where it is about a control group, of which node_exporter knows nothing. */
  readonly reserveBytes: Bytes;
  readonly swapBytes: Bytes;
  readonly bandwidthBitsPerSecond: number | undefined;
}

/** Exporters of databases and of nginx are planned as agents, by their usual names. */
const EXPORTERS_BY_AGENT: Readonly<Record<string, Exporter>> = {
  'mysqld-exporter': { job: 'mysqld', port: 9104 },
  'redis-exporter': { job: 'redis', port: 9121 },
  'nginx-exporter': { job: 'nginx', port: 9113 },
};

export function watchedIn(plan: BoxPlan, options: RenderOptions): Watched {
  const places = appPlaces(plan, options).filter(
    (place) => isKept(place.service) && !isEnvironment(place, options),
  );
  const { memoryBytes, bound, swapBytes, bandwidthBitsPerSecond } = plan.request.box;
  const { program, payments } = plan.request.load;
  return {
    keepers: [...places.map(keeperAt), ...environmentKeepers(plan, options)],
    workers: places.filter(({ isMain }) => isMain).reduce((sum, place) => sum + workersOf(place), 0),
    hasServer: places.some(({ service }) => service.kind === 'maque'),
    hasPayments: payments ?? program === 'shop',
    hasNodeExporter: watcherIn(plan, 'node_exporter') !== undefined,
    hasAlertmanager: watcherIn(plan, 'alertmanager') !== undefined,
    hasPrometheus: watcherIn(plan, 'prometheus') !== undefined,
    exporters: plan.services.flatMap(({ kind, request }) =>
      kind === 'agent' ? (EXPORTERS_BY_AGENT[request.name.toLowerCase()] ?? []) : [],
    ),
    memoryBytes,
    reserveBytes: bound === 'box' ? plan.reserveBytes : 0,
    swapBytes: swapBytes ?? 0,
    bandwidthBitsPerSecond,
  };
}

/** Whether there is anything to scrape at all. */
export function isWatched({ keepers, hasNodeExporter, exporters }: Watched): boolean {
  return keepers.length > 0 || hasNodeExporter || exporters.length > 0;
}

/** A watcher that the plan has room for. */
export function watcherIn(plan: BoxPlan, program: WatcherRequest['program']): PlannedWatcher | undefined {
  return plan.services.find(
    (service): service is PlannedWatcher => service.kind === 'watcher' && service.request.program === program,
  );
}

function keeperAt(place: AppPlace): WatchedKeeper {
  const { name, metricsPort, isMain } = place;
  return { app: name, environment: 'prod', metricsPort, isMain, workers: workersOf(place) };
}

/** Environments beside prod have a keeper of their own. */
function environmentKeepers(plan: BoxPlan, options: RenderOptions): readonly WatchedKeeper[] {
  return environmentBudgets(plan, options).map(({ name, metricsPort, workers }) => ({
    app: options.app,
    environment: name,
    metricsPort,
    isMain: false,
    workers,
  }));
}

function workersOf({ service }: AppPlace): number {
  if (service.kind === 'maque') return service.budget.workers;
  return service.kind === 'node' ? service.workers : 0;
}
