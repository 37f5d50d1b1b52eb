import type { BoxPlan } from '../plan/box/box-plan.ts';
import type { PlannedOf } from '../plan/box/planned-service.ts';
import { APP_KINDS } from '../plan/box/service-request.ts';
import { isKeptByKeeper } from '../plan/box/services/node.ts';
import type { RenderOptions } from './target.ts';

export type PlannedApp = PlannedOf<'maque' | 'node' | 'java' | 'python'>;

/** Where one of the programs that serve requests lies and listens. Every target that names one of them asks here. */
export interface AppPlace {
  readonly service: PlannedApp;
  /** What its unit and its container are called. */
  readonly name: string;
  /** The one that the options are about; the others stand beside it. */
  readonly isMain: boolean;
  readonly appDir: string;
  readonly dataDir: string;
  readonly port: number;
  /** Of the keeper's metrics, where there is a keeper. */
  readonly metricsPort: number;
  readonly image: string;
}

/** The metrics of each app come right after its port, with room for the environments beside it. */
const PORTS_BETWEEN_APPS = 10;

/**
 * The programs of a plan that serve requests. The first Maque, or else the first of them all, is the main one and gets
 * the name, the folders and the ports of the options; every other is named after its service and lies in
 * `/srv/NAME`, `/var/lib/NAME` and on the next ports.
 */
export function appPlaces(plan: BoxPlan, options: RenderOptions): readonly AppPlace[] {
  const apps = plan.services.filter(isApp);
  const main = apps.find(({ kind }) => kind === 'maque') ?? apps[0];
  const others = apps.filter((app) => app !== main);
  const names = ownNames(
    others.map(({ request }) => request.name),
    [options.app],
  );
  return apps.map((service) => {
    if (service === main) return mainPlace(service, options);
    const index = others.indexOf(service);
    return placeBeside(service, names[index] ?? options.app, index, options);
  });
}

/**
 * Names for units, folders and containers: small letters, a letter first and no dash at the end, none twice.
 * @param taken names that are others'
 */
export function ownNames(names: readonly string[], taken: readonly string[]): readonly string[] {
  const seen = new Set(taken);
  return names.map((told) => {
    const lower = told.toLowerCase().replace(/^(?=\d)/, 'app-');
    const plain = lower.replace(/-+$/, '');
    let name = plain;
    for (let count = 2; seen.has(name); count += 1) name = `${plain}-${count}`;
    seen.add(name);
    return name;
  });
}

function mainPlace(service: PlannedApp, options: RenderOptions): AppPlace {
  const { app, appDir, dataDir, port, metricsPort, image } = options;
  return { service, name: app, isMain: true, appDir, dataDir, port, metricsPort, image };
}

function placeBeside(service: PlannedApp, name: string, index: number, options: RenderOptions): AppPlace {
  const port = options.port + (index + 1) * PORTS_BETWEEN_APPS;
  return {
    service,
    name,
    isMain: false,
    appDir: `/srv/${name}`,
    dataDir: `/var/lib/${name}`,
    port,
    metricsPort: port + 1,
    image: imageBeside(options.image, name),
  };
}

/** `registry/shop:1.2` becomes `registry/shop-pay:1.2`: `python:latest` by itself would be somebody else's image. */
function imageBeside(image: string, name: string): string {
  const [, main = image, tag = 'latest'] = /^(.*?)(?::([^:/@]+))?(?:@.*)?$/.exec(image) ?? [];
  return `${main}-${name}:${tag}`;
}

/** Whether our keeper keeps its processes: `maque start` or `maque run`. */
export function isKept(service: PlannedApp): boolean {
  return service.kind === 'maque' || (service.kind === 'node' && isKeptByKeeper(service.request));
}

export function isApp(service: BoxPlan['services'][number]): service is PlannedApp {
  return APP_KINDS.has(service.kind);
}
