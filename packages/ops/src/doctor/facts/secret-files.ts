import { type Bytes, KiB } from '@maque/kit';
import type { Host } from '../host/host.ts';
import { type AppFolder, pathOf } from './app-folders.ts';
import { everywhere, type NginxFacts, outsidePath } from './nginx.ts';
import { pathsLike } from './paths-like.ts';
import type { ProcessFacts } from './processes.ts';

/** Of an app's folder, what tends to hold keys and passwords. */
const IN_APPS = [
  ...[
    '.env',
    '.env.*',
    'ecosystem.config.*',
    'docker-compose*.y*ml',
    'compose*.y*ml',
    'config.json',
    'config.y*ml',
  ],
  ...[
    'config/*.json',
    'config/*.y*ml',
    'config/*.js',
    'application*.yml',
    'application*.properties',
    'config/application*.y*ml',
  ],
  ...[
    '*.pem',
    '*.key',
    '*.p12',
    'cert/*',
    'certs/*',
    'keys/*',
    'secrets/*',
    'data/secrets.json',
    'data/admin-link.json',
  ],
  ...['data/maque.db', '.my.cnf', 'settings.py', 'local_settings.py'],
];
/** Of the box: databases, Redis, PM2 (its dump has every app's environment), panels, units' files of environment. */
const ON_THE_BOX = [
  ...[
    '/etc/my.cnf',
    '/etc/mysql/debian.cnf',
    '/root/.my.cnf',
    '/home/*/.my.cnf',
    '/etc/redis/*.conf',
    '/etc/redis.conf',
  ],
  ...[
    '/www/server/redis/redis.conf',
    '/root/.pm2/dump.pm2',
    '/home/*/.pm2/dump.pm2',
    '/opt/1panel/apps/*/*/.env',
  ],
  ...[
    '/etc/default/*',
    '/etc/sysconfig/*',
    '/etc/maque/*',
    '/etc/environment',
    '/etc/systemd/system/*.service',
  ],
  ...['/etc/systemd/system/*.service.d/*.conf', '/etc/supervisor/conf.d/*.conf', '/etc/supervisord.d/*.ini'],
];
const MOST_FILES = 1_000;

/** Files of which it is worth asking whether anybody may read them. */
export async function secretFiles(
  host: Host,
  processes: readonly ProcessFacts[],
  apps: readonly AppFolder[],
  nginx: readonly NginxFacts[],
): Promise<readonly string[]> {
  const patterns = [
    ...apps.flatMap(({ path }) => IN_APPS.map((pattern) => `${path}/${pattern}`)),
    ...ON_THE_BOX,
  ];
  const paths = new Set((await Promise.all(patterns.map((pattern) => pathsLike(host, pattern)))).flat());
  for (const one of nginx)
    for (const { args } of everywhere(one, 'ssl_certificate_key'))
      paths.add(await outsidePath(one, args[0] ?? ''));
  for (const process of processes) {
    for (const name of ['MAQUE_PAY_KEY_FILE', 'MAQUE_PAY_PUBLIC_KEY_FILE']) {
      const path = process.environment?.get(name);
      if (path !== undefined && path !== '') paths.add(await pathOf(host, process, path));
    }
    const data = process.environment?.get('MAQUE_DATA_DIR');
    if (data !== undefined && data !== '') paths.add(`${await pathOf(host, process, data)}/secrets.json`);
  }
  return [...paths].slice(0, MOST_FILES);
}

const MOST_TEXT: Bytes = 256 * KiB;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;
const COMMENT = /^\s*(?:#|;|\/\/).*$/gm;
/** A name that ends in such a word, and a value that is neither empty, nor an example, nor a reference to another place. */
const ASSIGNED =
  /(?:^|[\s"',{=-])([\w.-]*(?:secret|password|passwd|api_?v3_?key|api_?key|access_?key|private_?key|aes_?key|auth_?token))["']?[ \t]*[:=][ \t]*["']?(?!\$|%|<|null\b|none\b|false\b|true\b|undefined\b|(?:process|os|env|config|settings|cfg)\b[.[(]|your|change|x{3,}|\*{3,})[^\s"',;]{4,}/im;
/** `DATABASE_URL=mysql://shop:hush@127.0.0.1/shop`. */
const ADDRESS =
  /([\w.-]+)["']?[ \t]*[:=][ \t]*["']?[a-z][\w+]*:\/\/[^\s:@/"']*:(?!\$|<|your|password)[^\s@/"']{3,}@/i;
/** Redis has words with spaces between them. */
const REDIS = /^\s*(requirepass|masterauth)\s+\S{2,}/m;

/** Of what is secret in a text its name, never its value. Undefined where nothing looks like it. */
export function secretIn(text: string): string | undefined {
  if (PRIVATE_KEY.test(text)) return 'PRIVATE KEY';
  const lines = text.slice(0, MOST_TEXT).replace(COMMENT, '');
  return [ASSIGNED, ADDRESS, REDIS]
    .map((pattern) => pattern.exec(lines)?.[1])
    .find((name) => name !== undefined);
}
