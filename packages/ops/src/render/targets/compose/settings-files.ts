import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedDatabase } from '../../../plan/box/planned-service.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { mariadb } from '../mariadb.ts';
import { mysql } from '../mysql.ts';
import { redisFile } from '../redis/redis-file.ts';
import { redisPlace } from '../redis/redis-place.ts';
import type { ContainerPlaces, Named } from './container-places.ts';
import { proxyFiles } from './proxy-container.ts';
import { configPath } from './store-containers.ts';

/** The settings that the containers mount: those of the same plan without containers. */
export function settingsFiles(
  { proxy, apps, databases, redises }: ContainerPlaces,
  plan: BoxPlan,
  options: RenderOptions,
): readonly RenderedFile[] {
  const files = [
    ...(proxy === undefined ? [] : proxyFiles(proxy, apps, plan, options)),
    ...databases.map((one) => databaseSettings(one, plan, options)),
    ...redises.map(({ name, service }) => ({
      path: configPath(name, 'redis'),
      content: redisFile(service, redisPlace(service, 0), options.language),
    })),
  ];
  return files.map((file) => ({ ...file, target: 'compose' }));
}

/** Each target renders one database, so it is asked with this one alone. */
function databaseSettings(
  { name, service }: Named<PlannedDatabase>,
  plan: BoxPlan,
  options: RenderOptions,
): { readonly path: string; readonly content: string } {
  const target = service.kind === 'mariadb' ? mariadb : mysql;
  const files = target.render({ ...plan, services: [service] }, options);
  const content = files.find(({ path }) => path.endsWith('.cnf'))?.content ?? '';
  return { path: configPath(name, service.kind), content };
}
