import type { ServiceModel } from './service-model.ts';
import type { ServiceKind } from './service-request.ts';
import { agent } from './services/agent.ts';
import { java } from './services/java.ts';
import { maque } from './services/maque.ts';
import { mariadb } from './services/mariadb.ts';
import { mysql } from './services/mysql.ts';
import { nginx } from './services/nginx.ts';
import { node } from './services/node.ts';
import { python } from './services/python.ts';
import { redis } from './services/redis.ts';
import { watcher } from './services/watcher.ts';

/** Every kind of program that a plan knows. */
export const serviceModels: { readonly [Kind in ServiceKind]: ServiceModel<Kind> } = {
  maque,
  node,
  java,
  python,
  nginx,
  mariadb,
  mysql,
  redis,
  agent,
  watcher,
};

export function modelOf(kind: ServiceKind): ServiceModel<ServiceKind> {
  return serviceModels[kind] as ServiceModel<ServiceKind>;
}
