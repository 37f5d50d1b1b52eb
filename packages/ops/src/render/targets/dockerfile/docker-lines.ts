import { type Bytes, GiB, MiB, type Text } from '@maque/kit';
import { type AppPlace, isKept, type PlannedApp } from '../../app-places.ts';
import { because, type ConfigEntry, numbered } from '../../config-lines.ts';
import { answers, connects } from '../container/probe-command.ts';
import { DATA_FOLDER } from '../container/variable.ts';
import { dockerfileMeanings as meanings } from './dockerfile-meanings.ts';

const NODE_MAJOR = 26;
const INSTALL =
  'apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*';

/** Dependencies and compiled code, with the tools that only the build needs. */
export function buildStage(): readonly ConfigEntry[] {
  return [
    because(HUB),
    numbered(meanings.node_major, '', `FROM node:${NODE_MAJOR}-slim AS build`),
    because(REGISTRY, 'ARG npm_config_registry'),
    'WORKDIR /app',
    because(LAYERS, 'COPY package.json package-lock.json ./', 'RUN npm ci --no-audit --no-fund'),
    'COPY . .',
    because(PRUNE, 'RUN npm run build --if-present && npm prune --omit=dev --no-audit --no-fund'),
  ];
}

/** What is shipped: Node, an init, production dependencies, and no right to change any of it. */
export function runStage(place: AppPlace): readonly ConfigEntry[] {
  const { service, port } = place;
  const hasKeeper = isKept(service);
  const folder = hasKeeper ? ` && install -d -o node -g node -m 0700 ${DATA_FOLDER}` : '';
  return [
    `FROM node:${NODE_MAJOR}-slim`,
    because(INIT, `RUN ${INSTALL}${folder}`),
    'WORKDIR /app',
    because(OWNER, 'COPY --from=build /app ./'),
    'ENV NODE_ENV=production',
    numbered(meanings.port, '', `ENV PORT=${port}`),
    ...(service.kind === 'maque'
      ? [because(LISTEN, 'ENV MAQUE_HOST=0.0.0.0', 'ENV MAQUE_ENV=prod')]
      : ['ENV HOST=0.0.0.0']),
    ...(hasKeeper ? KEEPER_VARIABLES : heapVariable(service)),
    'USER node',
    `EXPOSE ${port}`,
    numbered(
      meanings.healthcheck,
      '',
      'HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \\',
      `  CMD ${JSON.stringify(['bash', '-c', probeOf(service)])}`,
    ),
    'ENTRYPOINT ["/usr/bin/tini", "--"]',
    ...commandOf(service),
  ];
}

/** What CloudBase Run has to know, and what a database in a file means there. */
export function cloudNotes({ service }: AppPlace): readonly ConfigEntry[] {
  const size = sizeFor(service.memoryMaxBytes);
  const formula = `${Math.ceil(service.memoryMaxBytes / MiB)} MiB ≤ ${size / GiB} GiB`;
  return [
    numbered(meanings.size, formula),
    ...(service.kind === 'maque' ? [because(STATELESS)] : []),
    ...(isKept(service) ? [because(SIGNALS)] : []),
  ];
}

const KEEPER_VARIABLES: readonly ConfigEntry[] = [
  `ENV MAQUE_DATA_DIR=${DATA_FOLDER}`,
  'ENV MAQUE_OUTPUT=inherit',
];

function heapVariable(service: PlannedApp): readonly ConfigEntry[] {
  if (service.kind !== 'node') return [];
  const { oldSpaceMb, semiSpaceMb } = service;
  const flags = `--max-old-space-size=${oldSpaceMb} --max-semi-space-size=${semiSpaceMb}`;
  return [numbered(meanings.node_heap, `${oldSpaceMb} + 3 × ${semiSpaceMb}`, `ENV NODE_OPTIONS="${flags}"`)];
}

/** The port is known only when it runs. */
function probeOf({ kind }: PlannedApp): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
  const port = '${PORT}';
  return kind === 'maque' ? answers(port, '/healthz') : connects(port);
}

function commandOf(service: PlannedApp): readonly ConfigEntry[] {
  const command = (...words: readonly string[]) => `CMD ${JSON.stringify(['node', ...words])}`;
  if (!isKept(service)) return [command('server.js')];
  if (service.kind === 'maque') return [command(MAQUE, 'start', '/app')];
  return [because(KEEPER, command(MAQUE, 'run', 'server.js'))];
}

const MAQUE = 'node_modules/maque/bin/maque.js';
const SIZES: readonly Bytes[] = [GiB / 2, GiB, 2 * GiB, 4 * GiB, 8 * GiB];

function sizeFor(bytes: Bytes): Bytes {
  return SIZES.find((size) => size >= bytes) ?? Math.ceil(bytes / GiB) * GiB;
}

const HUB: Text = {
  en: 'Where Docker Hub is out of reach: "registry-mirrors" in /etc/docker/daemon.json (CloudBase has its own)',
  zh: '连不上 Docker Hub 时，在 /etc/docker/daemon.json 中配置 "registry-mirrors"（CloudBase 构建时自带）',
};
const REGISTRY: Text = {
  en: 'Another registry: docker build --build-arg npm_config_registry=https://…',
  zh: '换用国内镜像：docker build --build-arg npm_config_registry=https://…',
};
const LAYERS: Text = {
  en: 'First what changes seldom: as long as the lockfile is the same, this is not done again',
  zh: '先放很少变的部分：锁文件不变时这一步会复用缓存',
};
const PRUNE: Text = {
  en: 'Tools of the build do not run in production',
  zh: '构建工具不进入生产镜像',
};
const INIT: Text = {
  en: 'tini passes signals on, and buries processes whose parents have died, which Node does not',
  zh: 'tini 转发信号并回收孤儿进程，Node 不做后一件事',
};
const OWNER: Text = {
  en: 'It belongs to root, and the program runs as node: it cannot change its own code',
  zh: '文件属于 root，程序以 node 用户运行，无法修改自己的代码',
};
const KEEPER: Text = {
  en: 'Keeps as many processes of it as memory and cores carry; npm install maque puts it among the dependencies',
  zh: '按内存与核数启动并守护多个进程；须先 npm install maque 加入依赖',
};
const LISTEN: Text = {
  en: 'In its own network there is nobody else on loopback; its memory limit is the budget',
  zh: '容器网络里没有别的回环访问者；容器的内存上限就是预算',
};
const STATELESS: Text = {
  en: [
    'CloudBase Run and the like keep no files: what is in /data is gone with the instance, and each instance has its own.',
    'With the database in a file that means: at most one instance, and a disk mounted at /data, a local one: SQLite',
    'breaks on network file systems (NFS, CFS). Without a disk it is for trying things out; MAQUE_FILE_STORE=cos with',
    'MAQUE_BACKUP_TO=store keeps files and backups, and loses what was written after the last backup.',
  ].join('\n'),
  zh: [
    'CloudBase Run 等平台不保留文件：实例销毁后 /data 就没了，而且每个实例各有一份。',
    '数据库是文件（SQLite），因此最多一个实例，并且要在 /data 挂载本地磁盘；SQLite 放在 NFS/CFS 等网络文件系统上会损坏。',
    '没有磁盘时只适合试用：MAQUE_FILE_STORE=cos 加 MAQUE_BACKUP_TO=store 可保留文件与备份，但会丢失最后一次备份之后的写入。',
  ].join('\n'),
};
const SIGNALS: Text = {
  en: 'At SIGTERM it finishes requests for 10 s: whoever stops it must wait longer (docker stop -t 30).',
  zh: '收到 SIGTERM 后用 10 秒完成已有请求：停止时要等更久（docker stop -t 30）。',
};
