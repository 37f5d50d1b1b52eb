import type { RenderOptions } from '../../target.ts';
import type { ContainerPlaces } from './container-places.ts';
import { secretFileOf } from './secret-notes.ts';
import { secretNames } from './store-containers.ts';

/** What a person does before the first start, and may do again: nothing that is there is written over. */
export function firstSteps(
  { proxy, apps, databases }: ContainerPlaces,
  { certificate, domain }: RenderOptions,
): readonly string[] {
  const hasCertbot = proxy !== undefined && certificate === `/etc/letsencrypt/live/${domain}/fullchain.pem`;
  return [
    ...(hasCertbot ? [`certbot certonly --standalone -d ${domain}`] : []),
    'mkdir -p -m 0711 secrets',
    ...apps.map((place) => once(secretFileOf(place), 'install -m 0600 /dev/null')),
    ...databases.flatMap(({ name }) =>
      secretNames(name).map((secret) =>
        once(`./secrets/${secret}`, 'openssl rand -hex 24 | install -m 0400 -o 999 /dev/stdin'),
      ),
    ),
    'docker compose up -d',
  ];
}

function once(path: string, command: string): string {
  return `[ -e ${path} ] || ${command} ${path}`;
}
