import { posix } from 'node:path';
import type { ErrorFault, Text } from '@maque/kit';
import type { RenderOptions } from './target.ts';

const MOST_PATH_LENGTH = 180;
/** Nothing that means something to systemd (`%`, `$`, spaces), nginx (`;`, braces, quotes), shells or YAML (`: `, `#`). */
const PLAIN_PATH = /^(\/[A-Za-z0-9_][A-Za-z0-9_.+-]*|\/\.[A-Za-z0-9_][A-Za-z0-9_.+-]*)+$/;
const NAME = /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/;
const USER = /^[a-z_][a-z0-9_-]{0,30}$/;
const DATABASE = /^[a-z][a-z0-9_]{0,62}$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const IMAGE =
  /^[a-z0-9]+([.:-][a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
/** What others call their units: a file of that name would take theirs away. */
const TAKEN = new Set(
  [
    'nginx mariadb mysql mysqld redis redis-server ssh sshd cron crond docker containerd dbus rsyslog chrony chronyd',
    'postgresql mongod earlyoom prometheus grafana-server alertmanager systemd network networking apps databases root',
  ].flatMap((line) => line.split(' ')),
);
/** Folders that belong to the whole system. */
const SYSTEM =
  /^\/(bin|boot|dev|etc|lib|lib64|proc|run|sbin|sys|usr|tmp)(\/|$)|^\/(home|media|mnt|opt|srv|var|var\/(lib|log|cache|tmp|run))$/;
const FIRST_PORT_FOR_ALL = 1024;
const LAST_PORT = 65_535;
/** The environments that Maque knows besides prod. */
const ENVIRONMENTS = new Set(['staging', 'dev']);

const SAYINGS = {
  name: {
    en: '{option} must be lower-case letters, digits and dashes, from a letter on, at most 30',
    zh: '{option} 只能用小写字母、数字和连字符，以字母开头，最多 30 个字符',
  },
  taken: { en: '{option} is the name of another service', zh: '{option} 与其他服务重名' },
  user: {
    en: '{option} must be a plain user name, and never root',
    zh: '{option} 应为普通用户名，不能是 root',
  },
  path: {
    en: '{option} must be an absolute path of letters, digits and . _ + -, without a . or .. in it',
    zh: '{option} 应为绝对路径，只含字母、数字和 . _ + -，不含 . 或 ..',
  },
  system: { en: '{option} is a folder of the system', zh: '{option} 是系统目录' },
  inRoot: {
    en: '{option} lies in /root, which no other user can read',
    zh: '{option} 位于 /root，其他用户无法读取',
  },
  inside: {
    en: '{option} holds the folder of the app, which nothing may write to',
    zh: '{option} 包含应用目录，而应用目录不可写',
  },
  domain: {
    en: '{option} must be a full domain name, such as api.example.com',
    zh: '{option} 应为完整域名，如 api.example.com',
  },
  port: {
    en: '{option} must be a whole number from 1024 to 65535',
    zh: '{option} 应为 1024 到 65535 的整数',
  },
  samePort: { en: '{option} is the port of the app, too', zh: '{option} 与应用端口相同' },
  database: {
    en: '{option} must be lower-case letters, digits and underscores, from a letter on',
    zh: '{option} 只能用小写字母、数字和下划线，以字母开头',
  },
  environment: {
    en: '{option} must be staging or dev, each once',
    zh: '{option} 只能是 staging 或 dev，各一次',
  },
  image: {
    en: '{option} must be the name of an image, such as shop:1.2',
    zh: '{option} 应为镜像名，如 shop:1.2',
  },
  language: { en: '{option} must be en or zh-CN', zh: '{option} 只能是 en 或 zh-CN' },
} satisfies Record<string, Text>;

/** What they are called on the command line. */
const FLAGS: Readonly<Record<keyof RenderOptions, string>> = {
  language: '--lang',
  app: '--name',
  user: '--user',
  appDir: '--app-dir',
  dataDir: '--data-dir',
  node: '--node',
  maque: '--maque',
  domain: '--domain',
  certificate: '--certificate',
  certificateKey: '--certificate-key',
  port: '--port',
  metricsPort: '--metrics-port',
  database: '--database',
  environments: '--environments',
  image: '--image',
};

/** Everything that is wrong with the options, at once. */
export function problemsOf(options: RenderOptions): readonly ErrorFault[] {
  const problems: ErrorFault[] = [];
  const demand = (isFine: boolean, path: keyof RenderOptions, issue: Text): void => {
    if (!isFine) problems.push(problem(path, issue));
  };
  const { app, user, domain, port, metricsPort, environments } = options;
  demand(options.language === 'en' || options.language === 'zh-CN', 'language', SAYINGS.language);
  demand(NAME.test(app) && !app.includes('--'), 'app', SAYINGS.name);
  demand(!TAKEN.has(app) && !app.startsWith('systemd-'), 'app', SAYINGS.taken);
  demand(USER.test(user) && user !== 'root', 'user', SAYINGS.user);
  demand(isDomain(domain), 'domain', SAYINGS.domain);
  demand(DATABASE.test(options.database), 'database', SAYINGS.database);
  demand(IMAGE.test(options.image), 'image', SAYINGS.image);
  demand(isPort(port), 'port', SAYINGS.port);
  demand(isPort(metricsPort), 'metricsPort', SAYINGS.port);
  demand(metricsPort !== port, 'metricsPort', SAYINGS.samePort);
  const known = new Set(environments).size === environments.length;
  demand(known && environments.every((one) => ENVIRONMENTS.has(one)), 'environments', SAYINGS.environment);
  return [...problems, ...pathProblems(options)];
}

function pathProblems(options: RenderOptions): readonly ErrorFault[] {
  const { appDir, dataDir } = options;
  const ofPaths = (['appDir', 'dataDir', 'node', 'maque', 'certificate', 'certificateKey'] as const).flatMap(
    (path) => (isPlainPath(options[path]) ? [] : [problem(path, SAYINGS.path)]),
  );
  const ofFolders = (['appDir', 'dataDir'] as const).flatMap((path) =>
    SYSTEM.test(options[path]) ? [problem(path, SAYINGS.system)] : [],
  );
  const inRoot = (['appDir', 'dataDir', 'node', 'maque'] as const).flatMap((path) =>
    /^\/root(\/|$)/.test(options[path]) ? [problem(path, SAYINGS.inRoot)] : [],
  );
  const holdsApp = `${appDir}/`.startsWith(`${dataDir}/`);
  return [...ofPaths, ...ofFolders, ...inRoot, ...(holdsApp ? [problem('dataDir', SAYINGS.inside)] : [])];
}

function problem(path: keyof RenderOptions, issue: Text): ErrorFault {
  return { path, issue, data: { option: FLAGS[path] } };
}

function isPlainPath(path: string): boolean {
  return path.length <= MOST_PATH_LENGTH && PLAIN_PATH.test(path) && posix.normalize(path) === path;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= FIRST_PORT_FOR_ALL && port <= LAST_PORT;
}

/** WeChat takes no addresses and no names of a single word. */
function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  const isName = labels.every((label) => LABEL.test(label)) && domain.length <= 253;
  return isName && labels.length > 1 && !/^\d+$/.test(labels.at(-1) ?? '');
}
