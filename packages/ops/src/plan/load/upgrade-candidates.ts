import { formatBytes, GiB } from '@maque/kit';
import type { Elsewhere, PlanRequest } from '../box/box-request.ts';
import { APP_KINDS, DATABASE_KINDS, type ServiceRequest } from '../box/service-request.ts';
import { formatBandwidth } from '../format-bandwidth.ts';
import type { UpgradeCandidate, UpgradeNeed } from './upgrade.ts';

// What the kernel counts of a box that is sold with 2 GiB: 1960 MiB.
const SEEN_SHARE = 1960 / 2048;
// Of CloudBase Run: docs.cloudbase.net, instance autoscaling. Each gets what the usual specification has.
const MOST_INSTANCES = 16;
const INSTANCE_MEMORY = 2 * GiB;
const INSTANCE_CORES = 1;

const FILES_NEED: UpgradeNeed = {
  text: {
    en: 'uploads and pictures go to an object store; add its domain to the download domains of the mini-program',
    zh: '上传与图片改走对象存储；在小程序后台把其域名加入 downloadFile 合法域名',
  },
  settings: [
    'MAQUE_FILE_STORE',
    'MAQUE_STORE_BUCKET',
    'MAQUE_STORE_REGION',
    'MAQUE_STORE_KEY_ID',
    'MAQUE_STORE_KEY_SECRET',
  ],
};
const DATABASE_NEED: UpgradeNeed = {
  text: {
    en: 'records lie in a managed database in the same private network: dump, restore there, give the app its address; its connections must allow the pools of all boxes together',
    zh: '数据放到同一私有网络的云数据库：导出、在那边恢复、把地址告诉应用；其连接数要容得下各台机器连接池之和',
  },
  settings: [],
};
const SHARED_STATE_NEED: UpgradeNeed = {
  text: {
    en: 'what is kept in the memory of one box (rate limits, caches, sockets) must be allowed to differ, or lie in a Redis that all reach; jobs by the clock run on one box only',
    zh: '保存在单机内存里的东西（限速、缓存、长连接）要么允许各机不同，要么放到共用的 Redis；定时任务只在一台上运行',
  },
  settings: [],
};
const PROXY_NEED: UpgradeNeed = {
  text: {
    en: 'the addresses of phones come from the balancer: trust it, or rate limits count everyone as one',
    zh: '手机的 IP 由负载均衡转述：要信任它，否则限速会把所有人当成同一个',
  },
  settings: ['MAQUE_TRUSTED_PROXY', 'MAQUE_HOST'],
};

/** Every way that this plan leaves open to get more; which of them are worth it shows when they are planned. */
export function upgradeCandidates(request: PlanRequest): readonly UpgradeCandidate[] {
  return [
    ...moreBandwidth(request),
    ...filesOut(request),
    ...moreMemory(request),
    ...databaseOut(request),
    ...secondBox(request),
    ...serverless(request),
  ];
}

function filesOut(request: PlanRequest): UpgradeCandidate[] {
  if (isElsewhere(request, 'object-store') || !hasApp(request)) return [];
  return one({
    code: 'FILES_OUT',
    title: { en: 'pictures and uploads to an object store with a CDN', zh: '图片与上传移到对象存储 + CDN' },
    needs: [FILES_NEED],
    request: withElsewhere(request, 'object-store'),
  });
}

function moreBandwidth(request: PlanRequest): UpgradeCandidate[] {
  const bits = request.box.bandwidthBitsPerSecond;
  if (bits === undefined) return [];
  const data = { bandwidth: formatBandwidth(2 * bits) };
  return one({
    code: 'MORE_BANDWIDTH',
    title: { en: `${data.bandwidth} of bandwidth`, zh: `带宽升到 ${data.bandwidth}` },
    needs: [],
    request: { ...request, box: { ...request.box, bandwidthBitsPerSecond: 2 * bits } },
  });
}

function moreMemory(request: PlanRequest): UpgradeCandidate[] {
  const { box } = request;
  const soldBytes = Math.max(4, 2 ** (Math.ceil(Math.log2(box.memoryBytes / GiB)) + 1)) * GiB;
  const cores = Math.max(2, box.cores);
  return one({
    code: 'MORE_MEMORY',
    title: {
      en: `a box of ${formatBytes(soldBytes)} and ${cores} cores`,
      zh: `换成 ${cores} 核 ${formatBytes(soldBytes)} 的机器`,
    },
    needs: [
      {
        text: {
          en: 'render and apply the configuration again: every limit grows with the box',
          zh: '重新渲染并应用配置：各项限额随机器变大',
        },
        settings: ['MAQUE_MEMORY', 'MAQUE_WORKERS'],
      },
    ],
    request: { ...request, box: { ...box, memoryBytes: Math.floor(soldBytes * SEEN_SHARE), cores } },
  });
}

function databaseOut(request: PlanRequest): UpgradeCandidate[] {
  if (!hasApp(request) || !request.services.some(isDatabase)) return [];
  return one({
    code: 'DATABASE_OUT',
    title: { en: 'the database to a managed one', zh: '数据库移到云数据库' },
    needs: [DATABASE_NEED],
    request: withoutServices(withElsewhere(request, 'database'), isDatabase),
  });
}

function secondBox(request: PlanRequest): UpgradeCandidate[] {
  if (!hasApp(request)) return [];
  return [
    {
      code: 'SECOND_BOX',
      title: { en: 'a second box like it behind a balancer', zh: '再加一台同样的机器，前面放负载均衡' },
      needs: [...leavingHome(request), SHARED_STATE_NEED, PROXY_NEED],
      request: statelessRequest(request),
      boxes: 2,
      sharedLine: true,
      includes: ['FILES_OUT', 'DATABASE_OUT'],
    },
  ];
}

function serverless(request: PlanRequest): UpgradeCandidate[] {
  if (!hasApp(request) || request.box.bound !== 'box') return [];
  const stateless = statelessRequest(request);
  return [
    {
      code: 'SERVERLESS',
      title: {
        en: `CloudBase Run, up to ${MOST_INSTANCES} instances of ${INSTANCE_CORES} core and ${formatBytes(INSTANCE_MEMORY)}`,
        zh: `微信云托管，最多 ${MOST_INSTANCES} 个 ${INSTANCE_CORES} 核 ${formatBytes(INSTANCE_MEMORY)} 实例`,
      },
      needs: [
        ...leavingHome(request),
        SHARED_STATE_NEED,
        {
          text: {
            en: 'a container image; at least one instance kept warm, or the first user waits for a start; the database then runs out first',
            zh: '打成容器镜像；至少保留一个实例，否则第一个用户要等冷启动；此后先到顶的是数据库',
          },
          settings: ['PORT', 'MAQUE_WORKERS'],
        },
      ],
      request: {
        ...stateless,
        box: { memoryBytes: INSTANCE_MEMORY, bound: 'cgroup-v2', cores: INSTANCE_CORES },
        services: stateless.services.filter(({ kind }) => APP_KINDS.has(kind)),
      },
      boxes: MOST_INSTANCES,
      sharedLine: false,
      includes: ['FILES_OUT', 'DATABASE_OUT', 'SECOND_BOX'],
    },
  ];
}

function one(candidate: Omit<UpgradeCandidate, 'boxes' | 'sharedLine' | 'includes'>): [UpgradeCandidate] {
  return [{ ...candidate, boxes: 1, sharedLine: true, includes: [] }];
}

/** What has to leave the box before there can be two of it. */
function leavingHome(request: PlanRequest): readonly UpgradeNeed[] {
  return [
    ...(isElsewhere(request, 'database') ? [] : [DATABASE_NEED]),
    ...(isElsewhere(request, 'object-store') ? [] : [FILES_NEED]),
  ];
}

/** The same box with nothing on it that only one box can have. */
function statelessRequest(request: PlanRequest): PlanRequest {
  const moved = withElsewhere(withElsewhere(request, 'database'), 'object-store');
  const hasRedis = request.services.some(({ kind }) => kind === 'redis');
  return withoutServices(
    hasRedis ? withElsewhere(moved, 'redis') : moved,
    (service) => isDatabase(service) || service.kind === 'redis',
  );
}

function withElsewhere(request: PlanRequest, part: Elsewhere): PlanRequest {
  return isElsewhere(request, part)
    ? request
    : { ...request, elsewhere: [...(request.elsewhere ?? []), part] };
}

function withoutServices(request: PlanRequest, leaves: (service: ServiceRequest) => boolean): PlanRequest {
  return { ...request, services: request.services.filter((service) => !leaves(service)) };
}

function isElsewhere({ elsewhere }: PlanRequest, part: Elsewhere): boolean {
  return elsewhere?.includes(part) === true;
}

function isDatabase({ kind }: ServiceRequest): boolean {
  return DATABASE_KINDS.has(kind);
}

function hasApp({ services }: PlanRequest): boolean {
  return services.some(({ kind }) => APP_KINDS.has(kind));
}
