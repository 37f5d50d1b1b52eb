import { say, type Text } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import { isKept } from '../../app-places.ts';
import { remarkOn } from '../../comment-numbers.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, writeYaml, type YamlMap } from '../../yaml/index.ts';
import { appContainer } from './app-container.ts';
import { composeMeanings } from './compose-meanings.ts';
import { appAddress, type ContainerPlaces, EDGE_SUBNET } from './container-places.ts';
import { firstSteps } from './first-steps.ts';
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
  const steps = firstSteps(places, options);
  const intro = [
    ...say(INTRO, language, { images: imagesOf(places) }).split('\n'),
    ...steps.map((step) => `  ${step}`),
    ...(places.outside.length === 0 ? [] : [say(OUTSIDE, language, { outside: places.outside.join(', ') })]),
  ];
  const head = [headOf('compose', language), ...intro.map((line) => `# ${line}`)];
  return {
    target: 'compose',
    path: 'docker-compose.yml',
    content: `${head.join('\n')}\n${content}`,
    next: steps,
  };
}

function servicesOf(
  { proxy, apps, databases, redises }: ContainerPlaces,
  plan: BoxPlan,
  options: RenderOptions,
): Readonly<Record<string, YamlMap>> {
  const stores = [...databases, ...redises];
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
    ...apps.flatMap(({ name, service }) => (isKept(service) ? [`${name}-data`] : [])),
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

function imagesOf({ apps }: ContainerPlaces): string {
  return apps.map(({ image }) => image).join(', ');
}

const INTRO: Text = {
  en: [
    'docker-compose 1.27 or later, or docker compose. The images {images} are yours: docker build -t … on another machine,',
    'since a build takes more memory than a small box has to spare (maque render dockerfile), then docker push or docker save.',
    'Where Docker Hub is out of reach: "registry-mirrors" in /etc/docker/daemon.json. The kernel and swap of the box itself:',
    'maque render sysctl swap --apply. Before the first start, in this folder, as root:',
  ].join('\n'),
  zh: [
    '需要 docker-compose 1.27 以上或 docker compose。镜像 {images} 须自己构建（maque render dockerfile）：',
    '请在别的机器上 docker build，小机器构建时内存不够；再 docker push，或用 docker save 传过来。',
    '连不上 Docker Hub 时，在 /etc/docker/daemon.json 中配置 "registry-mirrors"。',
    '本机的内核参数与交换区：maque render sysctl swap --apply。首次启动前，在本目录以 root 执行：',
  ].join('\n'),
};
const OUTSIDE: Text = {
  en: 'Outside of containers, since they look after the box itself: {outside}.',
  zh: '以下服务照看的是整台机器，不放进容器：{outside}。',
};
const INTERNAL: Text = {
  en: 'Without a way to the world: nobody reaches the data from outside, and they reach nobody',
  zh: '不通外网：外部访问不到数据，它们也访问不到外部',
};
