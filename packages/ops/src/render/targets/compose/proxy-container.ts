import { posix } from 'node:path';
import { type Language, say, type Text } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedNginx } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, type YamlMap } from '../../yaml/index.ts';
import { connects } from '../container/probe-command.ts';
import { nginx } from '../nginx.ts';
import { hardeningKeys, healthKeys, keepingKeys, limitKeys, tmpfsKeys } from './common-keys.ts';
import { appAddress, type Named, PROXY_ADDRESS } from './container-places.ts';

/** On Debian, where nginx is built as the files expect it: its user is www-data. */
const IMAGE = 'nginx:1.28';
/** To read certificates of root, to be www-data, and to have the ports 80 and 443. */
const CAPABILITIES = ['CHOWN', 'SETGID', 'SETUID', 'DAC_READ_SEARCH', 'NET_BIND_SERVICE'];
const LETS_ENCRYPT = '/etc/letsencrypt';

export function proxyContainer(
  { name, service }: Named<PlannedNginx>,
  apps: readonly AppPlace[],
  plan: BoxPlan,
  options: RenderOptions,
): YamlMap {
  const { language } = options;
  return {
    image: IMAGE,
    ports: ['80:80', '443:443'],
    depends_on: apps.length === 0 ? undefined : apps.map(({ name }) => name),
    networks: { edge: { ipv4_address: PROXY_ADDRESS } },
    volumes: [
      './docker/nginx/nginx.conf:/etc/nginx/nginx.conf:ro',
      './docker/nginx/conf.d:/etc/nginx/conf.d:ro',
      ...certificateFolders(options).map((folder) => `${folder}:${folder}:ro`),
      '/var/www/acme:/var/www/acme:ro',
      remarked(say(ON_DISK, language), `${name}-cache:/var/lib/nginx`),
      `${name}-tmp:/var/cache/nginx`,
    ],
    ...limitKeys({ planned: service, plan, language }),
    ...remarkedFirst(hardeningKeys(CAPABILITIES), language),
    ...tmpfsKeys(language, [
      { path: '/run', mb: 1 },
      { path: '/tmp', mb: 1 },
    ]),
    ...healthKeys(['CMD', 'bash', '-c', connects(80)], language),
    ...keepingKeys(language),
  };
}

/** The files of the target nginx, with the addresses of containers in place of this box. */
export function proxyFiles(
  { name }: Named<PlannedNginx>,
  apps: readonly AppPlace[],
  plan: BoxPlan,
  options: RenderOptions,
): readonly { readonly path: string; readonly content: string }[] {
  const addresses = new Map(apps.map(({ port }, index) => [String(port), `${appAddress(index)}:${port}`]));
  return nginx
    .render(plan, options)
    .filter(({ path }) => path.startsWith('/etc/nginx/'))
    .map(({ path, content }) => ({
      path: path.replace('/etc/nginx/', 'docker/nginx/'),
      content: content
        .replaceAll(/(?<= server )127\.0\.0\.1:(\d+)/g, (whole, port: string) => addresses.get(port) ?? whole)
        .replaceAll('MAQUE_TRUSTED_PROXY=127.0.0.1', `MAQUE_TRUSTED_PROXY=${PROXY_ADDRESS}`)
        .replaceAll('"systemctl reload nginx"', `'${reloadOf(name)}'`),
    }));
}

/** By the label that both docker-compose and docker compose give: certbot knows nothing of this folder. */
function reloadOf(name: string): string {
  return `docker kill -s HUP $(docker ps -q -f label=com.docker.compose.service=${name})`;
}

/** Let's Encrypt's are links into another folder of it. */
function certificateFolders({ certificate, certificateKey }: RenderOptions): readonly string[] {
  const folders = [certificate, certificateKey].map((path) =>
    path.startsWith(`${LETS_ENCRYPT}/`) ? LETS_ENCRYPT : posix.dirname(path),
  );
  return [...new Set(folders)];
}

function remarkedFirst({ cap_add: added, ...rest }: YamlMap, language: Language): YamlMap {
  return { ...rest, cap_add: added === undefined ? undefined : remarked(say(ROOT, language), added) };
}

const ON_DISK: Text = {
  en: 'Cached answers and bodies on their way: on the disk they do not count as memory',
  zh: '缓存的响应与传输中的请求体：放在磁盘上不计入内存',
};
const ROOT: Text = {
  en: 'Its first process is root, to read the key of the certificate; what talks to the world is www-data',
  zh: '主进程以 root 读取证书私钥；对外服务的进程是 www-data',
};
