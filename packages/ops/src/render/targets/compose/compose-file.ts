import { say, type Text } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import { remarkOn } from '../../comment-numbers.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, writeYaml, type YamlMap } from '../../yaml/index.ts';
import { appContainer } from './app-container.ts';
import { composeMeanings } from './compose-meanings.ts';
import { appAddress, type ContainerPlaces, EDGE_SUBNET } from './container-places.ts';
import { proxyContainer } from './proxy-container.ts';
import { databaseContainer, redisContainer, secretNames } from './store-containers.ts';

/** Understood by docker-compose 1.27 and later, and by docker compose. */
export function composeFile(places: ContainerPlaces, plan: BoxPlan, options: RenderOptions): RenderedFile {
  const { language } = options;
  const content = writeYaml({
    services: Object.fromEntries(
      Object.entries(servicesOf(places, plan, options)).map(([name, service], index) => [
        name,
        index === 0 ? service : remarked('', service),
      ]),
    ),
    networks: remarked('', networksOf(places, options)),
    volumes: namedVolumes(places),
    secrets: secretsOf(places),
  });
  const intro = say(places.outside.length === 0 ? INTRO : INTRO_OUTSIDE, language, {
    outside: places.outside.join(', '),
  });
  const head = [headOf('compose', language), ...intro.split('\n').map((line) => `# ${line}`)];
  return {
    target: 'compose',
    path: 'docker-compose.yml',
    content: `${head.join('\n')}\n${content}`,
    next: [...secretCommands(places), 'docker-compose up -d'],
  };
}

function servicesOf(
  { proxy, apps, databases, redises }: ContainerPlaces,
  plan: BoxPlan,
  options: RenderOptions,
): Readonly<Record<string, YamlMap>> {
  const stores = [...databases, ...redises].map(({ name }) => name);
  const hasProxy = proxy !== undefined;
  return Object.fromEntries([
    ...(proxy === undefined ? [] : [[proxy.name, proxyContainer(proxy, apps, plan, options)] as const]),
    ...apps.map((place, index) => {
      const around = { address: appAddress(index), stores, hasProxy };
      return [place.name, appContainer(place, around, plan, options)] as const;
    }),
    ...databases.map((one) => [one.name, databaseContainer(one, plan, options)] as const),
    ...redises.map((one) => [one.name, redisContainer(one, plan, options)] as const),
  ]);
}

function networksOf({ databases, redises }: ContainerPlaces, { language }: RenderOptions): YamlMap {
  const hasStores = databases.length + redises.length > 0;
  return {
    edge: {
      ipam: {
        config: [{ subnet: remarked(remarkOn({ meaning: composeMeanings.network }, language), EDGE_SUBNET) }],
      },
    },
    data: hasStores ? remarked(say(INTERNAL, language), { internal: true }) : undefined,
  };
}

function namedVolumes({ proxy, apps, databases, redises }: ContainerPlaces): YamlMap | undefined {
  const names = [
    ...(proxy === undefined ? [] : [`${proxy.name}-cache`, `${proxy.name}-tmp`]),
    ...apps.flatMap(({ name, service }) => (service.kind === 'maque' ? [`${name}-data`] : [])),
    ...databases.flatMap(({ name }) => [`${name}-data`, `${name}-tmp`]),
    ...redises.map(({ name }) => `${name}-data`),
  ];
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, {}]));
}

function secretsOf({ databases }: ContainerPlaces): YamlMap | undefined {
  const names = databases.flatMap(({ name }) => secretNames(name));
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, { file: `./secrets/${name}` }]));
}

/** Files that hold secrets are named and made by hand: each readable by the one that needs it. */
function secretCommands({ apps, databases }: ContainerPlaces): readonly string[] {
  const ofDatabases = databases.flatMap(({ name }) =>
    secretNames(name).map(
      (secret) => `openssl rand -hex 24 | sudo install -m 0400 -o 999 /dev/stdin secrets/${secret}`,
    ),
  );
  const ofApps = apps.map(({ name }) => `install -m 0600 /dev/null secrets/${name}.env`);
  return ['mkdir -p -m 0711 secrets', ...ofApps, ...ofDatabases];
}

const INTRO: Text = {
  en: 'docker-compose 1.27 or later, or docker compose. Secrets lie in ./secrets and never in this file.',
  zh: '需要 docker-compose 1.27 以上或 docker compose。密钥放在 ./secrets,不写入本文件。',
};
const INTRO_OUTSIDE: Text = {
  en: `${INTRO.en}\nOutside of containers, since they look after the box itself: {outside}.`,
  zh: `${INTRO.zh}\n以下服务照看的是整台机器,不放进容器:{outside}。`,
};
const INTERNAL: Text = {
  en: 'Without a way to the world: nobody reaches the data from outside, and they reach nobody',
  zh: '不通外网:外部访问不到数据,它们也访问不到外部',
};
