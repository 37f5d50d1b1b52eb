import type { AppPlace } from '../../app-places.ts';
import { remarkOn } from '../../comment-numbers.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, type YamlMap } from '../../yaml/index.ts';
import { appEnvironment, DATA_FOLDER, environmentMap } from '../container/app-environment.ts';
import { answers, connects } from '../container/probe-command.ts';
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

/** The user that images of Node have, and that none else has. */
const APP_USER = '1000:1000';
const TMP_MB = 16;

export interface AppAround {
  readonly address: string;
  /** Names of the databases and caches that it waits for. */
  readonly stores: readonly string[];
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
  const variables = [...appEnvironment(place, options, meanings), ...trusted];
  // Maque's data are its own: a SQLite file, which no other service keeps for it.
  const stores = isMaque ? [] : around.stores;
  return {
    image: place.image,
    user: APP_USER,
    // Maque's image brings its own init; of the others nothing is known.
    init: isMaque ? undefined : true,
    env_file: [`./secrets/${place.name}.env`],
    environment: environmentMap(variables, language),
    // Nobody in front of it: this box alone may ask it.
    ports: around.hasProxy ? undefined : [`127.0.0.1:${place.port}:${place.port}`],
    depends_on: waitFor(stores),
    networks: {
      edge: {
        ipv4_address: remarked(remarkOn({ meaning: meanings.network }, language), around.address),
      },
      ...(stores.length === 0 ? {} : { data: {} }),
    },
    volumes: isMaque ? [`${place.name}-data:${DATA_FOLDER}`] : undefined,
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

/** `depends_on`, of what has to be well first. */
export function waitFor(names: readonly string[]): YamlMap | undefined {
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, { condition: 'service_healthy' }]));
}
