import { type Language, say, type Text } from '@maque/kit';
import type { PlannedDatabase, PlannedRedis } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import type { RenderOptions } from '../../target.ts';
import type { Named } from './container-places.ts';
import { secretNames } from './store-containers.ts';

export type Store = Named<PlannedDatabase | PlannedRedis>;

/** Where an app finds its secrets. */
export function secretFileOf({ name }: AppPlace): string {
  return `./secrets/${name}.env`;
}

/** What a person writes into that file: the only thing that `docker compose up` lacks. */
export function secretNotes(
  place: AppPlace,
  { address, stores }: { readonly address: string; readonly stores: readonly Store[] },
  options: RenderOptions,
): readonly string[] {
  const { language } = options;
  const metrics = `http://${address}:${place.port}/metrics`;
  if (place.service.kind === 'maque') return lines(OF_MAQUE, language, { metrics });
  const isSpring = place.service.kind === 'java' && place.service.request.framework === 'spring-boot';
  const variables = stores.flatMap((store) => (isSpring ? forSpring : forOthers)(store, options));
  return [...lines(OF_OTHERS, language), ...variables];
}

function forSpring({ name, service }: Store, { database, user }: RenderOptions): readonly string[] {
  if (service.kind === 'redis') return [`SPRING_DATA_REDIS_HOST=${name}`];
  return [
    `SPRING_DATASOURCE_URL=jdbc:${service.kind}://${name}:3306/${database}`,
    `SPRING_DATASOURCE_USERNAME=${user}`,
    `SPRING_DATASOURCE_PASSWORD=…  (secrets/${secretNames(name)[1]})`,
  ];
}

function forOthers({ name, service }: Store, { database, user }: RenderOptions): readonly string[] {
  if (service.kind === 'redis') return [`REDIS_URL=redis://${name}:6379`];
  return [`DATABASE_URL=mysql://${user}:…@${name}:3306/${database}  (secrets/${secretNames(name)[1]})`];
}

function lines(
  text: Text,
  language: Language,
  values: Readonly<Record<string, string>> = {},
): readonly string[] {
  return say(text, language, values).split('\n');
}

const OF_MAQUE: Text = {
  en: 'One NAME=value a line, mode 0600: MAQUE_WECHAT_APP_ID, MAQUE_WECHAT_SECRET, and MAQUE_PAY_… for payments.\nWith MAQUE_METRICS_TOKEN Prometheus on this box may read {metrics}',
  zh: '每行 NAME=值，权限 0600：MAQUE_WECHAT_APP_ID、MAQUE_WECHAT_SECRET，收款另需 MAQUE_PAY_…\n设置 MAQUE_METRICS_TOKEN 后，本机的 Prometheus 可带令牌读取 {metrics}',
};
const OF_OTHERS: Text = {
  en: 'One NAME=value a line, mode 0600: the secrets of the program, and where its data are, by the names that it reads:',
  zh: '每行 NAME=值，权限 0600：程序自己的密钥，以及数据在哪里（变量名以程序为准）：',
};
