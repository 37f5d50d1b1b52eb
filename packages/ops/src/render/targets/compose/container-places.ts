import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedDatabase, PlannedNginx, PlannedRedis } from '../../../plan/box/planned-service.ts';
import { type AppPlace, appPlaces, ownNames } from '../../app-places.ts';
import type { RenderOptions } from '../../target.ts';

export interface Named<Service> {
  readonly name: string;
  readonly service: Service;
}

/** All containers of a plan, by their names. What watches the box or belongs to it stays outside. */
export interface ContainerPlaces {
  readonly proxy: Named<PlannedNginx> | undefined;
  readonly apps: readonly AppPlace[];
  readonly databases: readonly Named<PlannedDatabase>[];
  readonly redises: readonly Named<PlannedRedis>[];
  /** Names of services that are not containers. */
  readonly outside: readonly string[];
}

export function containerPlaces(plan: BoxPlan, options: RenderOptions): ContainerPlaces {
  const apps = appPlaces(plan, options);
  const others = plan.services.filter(isOther);
  const names = ownNames(
    others.map(({ request }) => request.name),
    apps.map(({ name }) => name),
  );
  const named = others.map((service, index) => ({ service, name: names[index] ?? service.kind }));
  const outside = plan.services.filter(({ kind }) => kind === 'agent' || kind === 'watcher');
  return {
    // One alone can have the ports of the box.
    proxy: named.find((one): one is Named<PlannedNginx> => one.service.kind === 'nginx'),
    apps,
    databases: named.filter(
      (one): one is Named<PlannedDatabase> => one.service.kind === 'mariadb' || one.service.kind === 'mysql',
    ),
    redises: named.filter((one): one is Named<PlannedRedis> => one.service.kind === 'redis'),
    outside: outside.map(({ request }) => request.name),
  };
}

const NETWORK = '192.168.250';
const PROXY_HOST = 10;

export const EDGE_SUBNET = `${NETWORK}.0/24`;
export const PROXY_ADDRESS = `${NETWORK}.${PROXY_HOST}`;

/** Of the app at this place in the plan. */
export function appAddress(index: number): string {
  return `${NETWORK}.${PROXY_HOST + 1 + index}`;
}

type Other = PlannedNginx | PlannedDatabase | PlannedRedis;

function isOther(service: BoxPlan['services'][number]): service is Other {
  return ['nginx', 'mariadb', 'mysql', 'redis'].includes(service.kind);
}
