import { say } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import { type AppPlace, appPlaces, type PlannedApp } from '../../app-places.ts';
import { because, block, type ConfigEntry, numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderOptions } from '../../target.ts';
import { environmentBudgets } from '../systemd/environment-budgets.ts';
import { errorAnswers, HSTS } from './error-answers.ts';
import { keepAliveSeconds, UNKNOWN_KEEP_ALIVE_SECONDS } from './keep-alive.ts';
import { nginxMeanings as meanings } from './nginx-meanings.ts';
import { NGINX_SAYINGS as sayings } from './nginx-sayings.ts';

const SERVERS = 3;
const KEPT_CONNECTIONS = 32;
const CONNECT_SECONDS = 5;
const READ_SECONDS = 65;
const SEND_SECONDS = 30;
const TRIES_SECONDS = 10;
const REALTIME_HOURS = 1;

/** Paths of Maque itself. */
const TAKEN = new Set(['api', '_', 'healthz', 'readyz', 'metrics']);

/** A name of the box, and the program that answers there. */
interface Site {
  readonly name: string;
  readonly upstream: string;
  /** Undefined for one that is not in the plan, such as a program in a container. */
  readonly main: PlannedApp | undefined;
  readonly beside: readonly AppPlace[];
}

/** `/etc/nginx/conf.d/shop.conf`: the names of this server and the programs behind them. */
export function siteFile(plan: BoxPlan, options: RenderOptions): string {
  const { language, domain, app, port } = options;
  const places = appPlaces(plan, options);
  const main = places.find(({ isMain }) => isMain)?.service;
  const beside = places.filter(({ isMain }) => !isMain);
  const environments = environmentBudgets(plan, options);
  const sites: readonly Site[] = [
    { name: domain, main, upstream: app, beside },
    ...environments.map(({ name }) => ({
      name: `${name}.${domain}`,
      main,
      upstream: `${app}-${name}`,
      beside: [],
    })),
  ];
  const upstreams = [
    upstream(app, port, main),
    ...beside.map((place) => upstream(place.name, place.port, place.service)),
    ...environments.map((one) => upstream(`${app}-${one.name}`, one.port, main)),
  ];
  return writeConfig(
    [
      headOf('nginx', language),
      null,
      ...upstreams.flatMap((one) => [one, null]),
      strangers(options),
      null,
      plain(sites, options),
      ...sites.flatMap((site) => [null, secure(site, options)]),
    ],
    language,
  );
}

function upstream(name: string, port: number, service: PlannedApp | undefined): ConfigEntry {
  const seconds = service === undefined ? UNKNOWN_KEEP_ALIVE_SECONDS : keepAliveSeconds(service);
  return block(`upstream ${name}`, [
    numbered(
      meanings.upstream_servers,
      '',
      ...Array.from({ length: SERVERS }, () => `server 127.0.0.1:${port} max_fails=0;`),
    ),
    ...(seconds === undefined
      ? []
      : [
          numbered(meanings.upstream_keepalive, '', `keepalive ${KEPT_CONNECTIONS};`),
          numbered(meanings.upstream_keepalive_timeout, '', `keepalive_timeout ${seconds}s;`),
        ]),
  ]);
}

function strangers({ certificate, certificateKey }: RenderOptions): ConfigEntry {
  return block(
    'server',
    [
      'listen 80 default_server;',
      'listen [::]:80 default_server;',
      'listen 443 ssl http2 default_server;',
      'listen [::]:443 ssl http2 default_server;',
      'server_name _;',
      `ssl_certificate ${certificate};`,
      `ssl_certificate_key ${certificateKey};`,
      'access_log off;',
      'return 444;',
    ],
    sayings.strangers,
  );
}

function plain(sites: readonly Site[], { language }: RenderOptions): ConfigEntry {
  const names = sites.map(({ name }) => name);
  const first = say(sayings.first, language, { names: names.join(' -d ') });
  return block(
    'server',
    [
      'listen 80;',
      'listen [::]:80;',
      `server_name ${names.join(' ')};`,
      block(
        'location ^~ /.well-known/acme-challenge/',
        ['root /var/www/acme;', 'default_type text/plain;'],
        sayings.acme,
      ),
      block('location /', ['return 301 https://$host$request_uri;']),
    ],
    { en: first, zh: first },
  );
}

function secure(site: Site, options: RenderOptions): ConfigEntry {
  return block('server', [
    because(sayings.http2, 'listen 443 ssl http2;', 'listen [::]:443 ssl http2;'),
    `server_name ${site.name};`,
    because(
      sayings.chain,
      `ssl_certificate ${options.certificate};`,
      `ssl_certificate_key ${options.certificateKey};`,
    ),
    HSTS,
    null,
    ...passing(),
    null,
    ...caching(),
    null,
    ...locations(site),
    null,
    ...errorAnswers(options.language),
  ]);
}

function passing(): readonly ConfigEntry[] {
  return [
    'proxy_http_version 1.1;',
    because(
      sayings.headers,
      'proxy_set_header Host $host;',
      'proxy_set_header X-Real-IP $remote_addr;',
      'proxy_set_header X-Forwarded-For $remote_addr;',
      'proxy_set_header X-Forwarded-Proto $scheme;',
      'proxy_set_header X-Forwarded-Host $host;',
      'proxy_set_header X-Request-Id $request_id;',
      'proxy_set_header Forwarded "";',
      'proxy_set_header Proxy "";',
    ),
    'proxy_set_header Upgrade $upgrade_header;',
    'proxy_set_header Connection $connection_header;',
    numbered(meanings.proxy_connect_timeout, '', `proxy_connect_timeout ${CONNECT_SECONDS}s;`),
    numbered(meanings.proxy_read_timeout, '', `proxy_read_timeout ${READ_SECONDS}s;`),
    numbered(meanings.proxy_send_timeout, '', `proxy_send_timeout ${SEND_SECONDS}s;`),
    'proxy_next_upstream error timeout;',
    numbered(
      meanings.next_upstream,
      '',
      `proxy_next_upstream_tries ${SERVERS};`,
      `proxy_next_upstream_timeout ${TRIES_SECONDS}s;`,
    ),
  ];
}

function caching(): readonly ConfigEntry[] {
  return [
    'proxy_cache $cache_for;',
    'proxy_cache_key $scheme$host$request_uri;',
    'proxy_no_cache $is_not_public;',
    'proxy_cache_methods GET HEAD;',
    because(
      sayings.stale,
      'proxy_cache_use_stale error timeout updating http_502 http_503 http_504;',
      'proxy_cache_background_update on;',
    ),
  ];
}

function locations({ main, upstream: to, beside }: Site): readonly ConfigEntry[] {
  const isMaque = main?.kind === 'maque';
  return [
    block('location = /metrics', ['return 404;'], sayings.metrics),
    ...(main?.kind === 'java' ? [block('location ^~ /actuator', ['return 404;'], sayings.actuator)] : []),
    ...(isMaque
      ? [
          block('location = /api/realtime', [
            `proxy_pass http://${to};`,
            because(sayings.realtime, 'proxy_buffering off;', 'proxy_cache off;'),
            numbered(
              meanings.realtime_timeout,
              '',
              `proxy_read_timeout ${REALTIME_HOURS}h;`,
              `proxy_send_timeout ${REALTIME_HOURS}h;`,
            ),
            numbered(meanings.realtime_buffer, '', 'proxy_buffer_size 4k;'),
          ]),
        ]
      : []),
    ...beside.flatMap(besideLocations),
    block('location /', [`proxy_pass http://${to};`], isMaque ? sayings.app : sayings.plainApp),
  ];
}

/** Another program under its own path; it does not see the path. */
function besideLocations({ name, service }: AppPlace): readonly ConfigEntry[] {
  const path = TAKEN.has(name) ? `${name}-app` : name;
  return [
    block(`location = /${path}/metrics`, ['return 404;']),
    ...(service.kind === 'java' ? [block(`location ^~ /${path}/actuator`, ['return 404;'])] : []),
    block(`location ^~ /${path}/`, [`proxy_pass http://${name}/;`]),
  ];
}
