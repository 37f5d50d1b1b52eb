import { type AppPlace, isKept } from '../../app-places.ts';
import { remarkOn } from '../../comment-numbers.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, type YamlMap } from '../../yaml/index.ts';
import { appEnvironment, environmentMap } from '../container/app-environment.ts';
import { answers, connects } from '../container/probe-command.ts';
import { DATA_FOLDER } from '../container/variable.ts';
import {
  type ContainerNeeds,
  hardeningKeys,
  healthKeys,
  keepingKeys,
  limitKeys,
  tmpfsKeys,
} from './common-keys.ts';
import { composeMeanings as meanings } from './compose-meanings.ts';
import { PROXY_ADDRESS } from './container-places.ts';
import { type Store, secretFileOf, secretNotes } from './secret-notes.ts';

/** The user that images of Node have, and that none else has. */
const APP_USER = '1000:1000';
const TMP_MB = 16;

export interface AppAround {
  readonly address: string;
  /** The databases and caches that it waits for. */
  readonly stores: readonly Store[];
  readonly hasProxy: boolean;
}

export function appContainer(
  place: AppPlace,
  around: AppAround,
  plan: ContainerNeeds['plan'],
  options: RenderOptions,
): YamlMap {
  const { language } = options;
  const isMaque = place.service.kind === 'maque';
  const needs = { planned: place.service, plan, language };
  const trusted = isMaque && around.hasProxy ? [{ name: 'MAQUE_TRUSTED_PROXY', value: PROXY_ADDRESS }] : [];
  const variables = [
    ...appEnvironment(place, { domain: options.domain, isOneProcess: false }, meanings),
    ...trusted,
  ];
  // Maque's data are its own: a SQLite file, which no other service keeps for it.
  const stores = isMaque ? [] : around.stores;
  return {
    image: place.image,
    user: APP_USER,
    // The rendered Dockerfile brings an init; of other images nothing is known.
    init: place.isMain && isOnNode(place) ? undefined : true,
    env_file: remarked(secretNotes(place, around, options), [secretFileOf(place)]),
    environment: environmentMap(variables, language),
    // Nobody in front of it: this box alone may ask it.
    ports: around.hasProxy ? undefined : [`127.0.0.1:${place.port}:${place.port}`],
    depends_on: waitFor(stores.map(({ name }) => name)),
    networks: {
      edge: {
        ipv4_address: remarked(remarkOn({ meaning: meanings.network }, language), around.address),
      },
      ...(stores.length === 0 ? {} : { data: {} }),
    },
    volumes: isKept(place.service) ? [`${place.name}-data:${DATA_FOLDER}`] : undefined,
    ...limitKeys(needs),
    ...hardeningKeys(),
    ...tmpfsKeys(language, [{ path: '/tmp', mb: TMP_MB }]),
    ...healthKeys(
      ['CMD', 'bash', '-c', isMaque ? answers(place.port, '/healthz') : connects(place.port)],
      language,
    ),
    ...keepingKeys(language),
  };
}

function isOnNode({ service }: AppPlace): boolean {
  return service.kind === 'maque' || service.kind === 'node';
}

/** `depends_on`, of what has to be well first. */
export function waitFor(names: readonly string[]): YamlMap | undefined {
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, { condition: 'service_healthy' }]));
}
