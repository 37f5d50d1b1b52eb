import { type Bytes, KiB, MiB } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import { NGINX_BUFFERS, NGINX_ZONES } from '../../../plan/box/nginx-memory.ts';
import type { PlannedNginx } from '../../../plan/box/planned-service.ts';
import { connectionsOf, needsGzip } from '../../../plan/box/services/nginx.ts';
import { because, block, type ConfigEntry, numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderOptions } from '../../target.ts';
import { limitLines } from './limit-lines.ts';
import { nginxMeanings as meanings } from './nginx-meanings.ts';
import { cacheBytes, nginxSize } from './nginx-numbers.ts';
import { NGINX_SAYINGS as sayings } from './nginx-sayings.ts';

// Longest name of a domain (253), and what nginx adds to it, in a power of two.
const NAME_BUCKET = 512;
const SHUTDOWN_SECONDS = 120;
const KEEPALIVE_SECONDS = 65;
const HEADER_SECONDS = 10;
const BODY_PAUSE_SECONDS = 20;
const SEND_PAUSE_SECONDS = 20;
const HEAD_BUFFERS = 4;
const HSTS_DAYS = 30;
const SECONDS_OF_A_DAY = 86_400;
const STREAMS = 32;
const GZIP_LEAST: Bytes = 1_400;
const GZIP_LEVEL = 4;
const LOG_BUFFER: Bytes = 64 * KiB;
const LOG_SECONDS = 5;
const TEMP_FILE: Bytes = 64 * MiB;
const CACHE_MINUTES = 60;

/** TLS 1.2 with forward secrecy and AEAD only; those of 1.3 are all good. */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

const GZIP_TYPES = [
  'application/json application/javascript application/manifest+json application/xml',
  'text/css text/plain text/xml image/svg+xml',
].join(' ');

/** `/etc/nginx/nginx.conf`, whole: what holds for every site. */
export function mainFile(nginx: PlannedNginx, plan: BoxPlan, options: RenderOptions): string {
  const { cores } = plan.request.box;
  const { workerProcesses, workerConnections, openFiles } = nginx;
  return writeConfig(
    [
      headOf('nginx', options.language),
      because(sayings.user, 'user www-data;'),
      'pid /run/nginx.pid;',
      'error_log /var/log/nginx/error.log warn;',
      'include /etc/nginx/modules-enabled/*.conf;',
      numbered(meanings.worker_processes, `${cores}`, `worker_processes ${workerProcesses};`),
      numbered(
        meanings.worker_rlimit_nofile,
        `≥ 2 × ${workerConnections}`,
        `worker_rlimit_nofile ${openFiles};`,
      ),
      numbered(meanings.worker_shutdown_timeout, '', `worker_shutdown_timeout ${SHUTDOWN_SECONDS}s;`),
      null,
      block('events', [
        numbered(
          meanings.worker_connections,
          placesFormula(nginx, plan),
          `worker_connections ${workerConnections};`,
        ),
      ]),
      null,
      block('http', [
        'include /etc/nginx/mime.types;',
        'default_type application/octet-stream;',
        'sendfile on;',
        'tcp_nopush on;',
        because(sayings.version, 'server_tokens off;'),
        numbered(meanings.server_names_hash_bucket_size, '', `server_names_hash_bucket_size ${NAME_BUCKET};`),
        null,
        ...log(),
        null,
        ...slowClients(nginx),
        null,
        ...passing(),
        null,
        ...compression(plan),
        null,
        ...tls(),
        null,
        ...limitLines(nginx, plan),
        null,
        ...cache(plan, options),
        null,
        because(sayings.sites, 'include /etc/nginx/conf.d/*.conf;'),
      ]),
    ],
    options.language,
  );
}

/** As the plan counts it: for phones, requests and sockets, and half as much again for uneven parts. */
function placesFormula(nginx: PlannedNginx, { request }: BoxPlan): string {
  const { workerProcesses, requestsAtOnce, sockets } = nginx;
  const phones = connectionsOf(nginx.request, request);
  return `1.5 × (${phones} + ${requestsAtOnce} + ${sockets}) ÷ ${workerProcesses}, × 1024`;
}

function log(): readonly ConfigEntry[] {
  return [
    because(sayings.logFormat, ...LOG_FORMAT),
    numbered(
      meanings.access_log_buffer,
      '',
      `access_log /var/log/nginx/access.log requests buffer=${nginxSize(LOG_BUFFER)} flush=${LOG_SECONDS}s;`,
    ),
  ];
}

const LOG_FORMAT: readonly string[] = [
  'map $request_uri $path_only {',
  '    "~^(?<before_query>[^?]*)" $before_query;',
  '}',
  'log_format requests',
  `    '$remote_addr - - [$time_local] "$request_method $path_only $server_protocol" $status $body_bytes_sent '`,
  `    '"$http_referer" "$http_user_agent" host="$host" id=$request_id request_time=$request_time '`,
  `    'upstream="$upstream_addr" upstream_status="$upstream_status" connect_time="$upstream_connect_time" '`,
  `    'header_time="$upstream_header_time" response_time="$upstream_response_time" '`,
  `    'cache="$upstream_cache_status" tls="$ssl_protocol" bytes_in=$request_length';`,
];

function slowClients({ clientMaxBodyBytes }: PlannedNginx): readonly ConfigEntry[] {
  const { requestHead, body } = NGINX_BUFFERS;
  return [
    numbered(meanings.keepalive_timeout, '', `keepalive_timeout ${KEEPALIVE_SECONDS}s;`),
    numbered(meanings.client_header_timeout, '', `client_header_timeout ${HEADER_SECONDS}s;`),
    numbered(meanings.client_body_timeout, '', `client_body_timeout ${BODY_PAUSE_SECONDS}s;`),
    numbered(meanings.send_timeout, '', `send_timeout ${SEND_PAUSE_SECONDS}s;`),
    because(sayings.reset, 'reset_timedout_connection on;'),
    numbered(
      meanings.large_client_header_buffers,
      '',
      `large_client_header_buffers ${HEAD_BUFFERS} ${nginxSize(requestHead)};`,
    ),
    numbered(meanings.client_max_body_size, '', `client_max_body_size ${nginxSize(clientMaxBodyBytes)};`),
    numbered(meanings.client_body_buffer_size, '', `client_body_buffer_size ${nginxSize(body)};`),
  ];
}

function passing(): readonly ConfigEntry[] {
  const { answerHead, answerBuffer, answerBufferCount } = NGINX_BUFFERS;
  return [
    numbered(
      meanings.proxy_buffers,
      `${nginxSize(answerHead)} + ${answerBufferCount} × ${nginxSize(answerBuffer)}`,
      `proxy_buffer_size ${nginxSize(answerHead)};`,
      `proxy_buffers ${answerBufferCount} ${nginxSize(answerBuffer)};`,
    ),
    numbered(meanings.proxy_max_temp_file_size, '', `proxy_max_temp_file_size ${nginxSize(TEMP_FILE)};`),
    because(
      sayings.upgrade,
      'map $http_upgrade $upgrade_header {',
      '    default "";',
      '    ~*^websocket$ websocket;',
      '}',
      'map $upgrade_header $connection_header {',
      '    default "";',
      '    websocket upgrade;',
      '}',
    ),
  ];
}

function compression(plan: BoxPlan): readonly ConfigEntry[] {
  if (!needsGzip(plan.request)) return [because(sayings.noGzip, 'gzip off;')];
  return [
    because(sayings.gzip, 'gzip on;', 'gzip_vary on;', 'gzip_proxied any;', `gzip_types ${GZIP_TYPES};`),
    numbered(meanings.gzip_min_length, '', `gzip_min_length ${GZIP_LEAST};`),
    numbered(meanings.gzip_comp_level, '', `gzip_comp_level ${GZIP_LEVEL};`),
    numbered(
      meanings.gzip_buffers,
      '',
      `gzip_buffers ${NGINX_BUFFERS.gzipBufferCount} ${nginxSize(NGINX_BUFFERS.gzipBuffer)};`,
    ),
  ];
}

function tls(): readonly ConfigEntry[] {
  const { sessions } = NGINX_ZONES;
  return [
    because(sayings.tls, 'ssl_protocols TLSv1.2 TLSv1.3;', `ssl_ciphers ${CIPHERS};`),
    'ssl_prefer_server_ciphers off;',
    numbered(meanings.ssl_session_cache, '', `ssl_session_cache shared:tls:${nginxSize(sessions)};`),
    numbered(meanings.ssl_session_timeout, '', 'ssl_session_timeout 1d;'),
    because(sayings.tickets, 'ssl_session_tickets off;'),
    numbered(meanings.ssl_buffer_size, '', `ssl_buffer_size ${nginxSize(NGINX_BUFFERS.tlsRecord)};`),
    because(sayings.stapling, 'ssl_stapling off;'),
    numbered(
      meanings.hsts,
      `${HSTS_DAYS} × ${SECONDS_OF_A_DAY}`,
      'map $scheme $hsts {',
      `    https "max-age=${HSTS_DAYS * SECONDS_OF_A_DAY}";`,
      '}',
    ),
    numbered(meanings.http2_max_concurrent_streams, '', `http2_max_concurrent_streams ${STREAMS};`),
  ];
}

function cache(plan: BoxPlan, { app }: RenderOptions): readonly ConfigEntry[] {
  const most = nginxSize(cacheBytes(plan));
  return [
    because(
      sayings.cacheFor,
      'map $http_authorization$http_range$http_if_none_match$http_if_modified_since$upgrade_header $cache_for {',
      `    "" ${app};`,
      '    default off;',
      '}',
    ),
    because(
      sayings.cacheOnly,
      'map $upstream_http_cache_control $is_not_public {',
      '    default not-public;',
      '    "~*(^|[\\s,])(public|s-maxage=)" "";',
      '}',
    ),
    numbered(meanings.cache_zone, ''),
    numbered(
      meanings.cache_size,
      '',
      `proxy_cache_path /var/lib/nginx/${app}-cache levels=1:2 use_temp_path=off`,
      `    keys_zone=${app}:${nginxSize(NGINX_ZONES.cacheKeys)} max_size=${most} inactive=${CACHE_MINUTES}m;`,
    ),
  ];
}
