import type { Text } from '@maque/kit';
import type { Resource, VerdictReason } from './capacity.ts';

interface ReasonKind {
  readonly weight: VerdictReason['weight'];
  readonly text: Text;
}

/** Names of what runs out, in sentences. */
export const RESOURCE_WORDS: Readonly<Record<Resource, Text>> = {
  memory: { en: 'memory', zh: '内存' },
  cpu: { en: 'CPU', zh: '处理器' },
  bandwidth: { en: 'bandwidth', zh: '带宽' },
  disk: { en: 'disk', zh: '磁盘' },
};

/** Every ground that a verdict can have. A code is never used for another thing. */
export const REASONS = {
  DOES_NOT_FIT: {
    weight: 'do-not',
    text: {
      en: 'memory: {needed} are needed at the very least, the box has {available}',
      zh: '内存：最少也要 {needed}，而机器只有 {available}',
    },
  },
  BUDGET_TOO_SMALL: {
    weight: 'do-not',
    text: {
      en: 'memory: {service} needs {needed} at the very least, with what else was told of it; its budget is {available}',
      zh: '内存：按其余要求，{service} 最少也要 {needed}，而给它的预算只有 {available}',
    },
  },
  HEAP_TOLD_TOO_LARGE: {
    weight: 'do-not',
    text: {
      en: 'the heap that was told for {service} may grow to {all} ({workers} × {heap}): V8 collects in earnest only near that bound, and the kernel kills before',
      zh: '给 {service} 的堆可以涨到 {all}（{workers} × {heap}）：V8 接近这个上限才会认真回收，而内核会先把进程杀掉',
    },
  },
  QPS_OVER: {
    weight: 'do-not',
    text: {
      en: '{peak} requests a second at the peak, {resource} carries {capacity}',
      zh: '高峰每秒 {peak} 个请求，而{resource}只撑得住 {capacity} 个',
    },
  },
  QPS_NEAR: {
    weight: 'with-care',
    text: {
      en: 'the peak of {peak} requests a second is {share} of what {resource} carries ({capacity})',
      zh: '高峰每秒 {peak} 个请求，已占{resource}承载力（{capacity}）的 {share}',
    },
  },
  SOCKETS_OVER: {
    weight: 'do-not',
    text: {
      en: '{sockets} realtime connections at once, there is room for {capacity}',
      zh: '同时有 {sockets} 条长连接，只容得下 {capacity} 条',
    },
  },
  SOCKETS_NEAR: {
    weight: 'with-care',
    text: {
      en: '{sockets} realtime connections at once are {share} of those there is room for ({capacity})',
      zh: '同时有 {sockets} 条长连接，已占容量（{capacity}）的 {share}',
    },
  },
  DISK_SOON_FULL: {
    weight: 'do-not',
    text: { en: 'the disk is full within {days} day(s)', zh: '磁盘会在 {days} 天内写满' },
  },
  DISK_FULL: {
    weight: 'with-care',
    text: {
      en: 'the disk is full within {days} day(s); clean up or move files before',
      zh: '磁盘会在 {days} 天内写满，需在此之前清理或迁走文件',
    },
  },
  MEMORY_TIGHT: {
    weight: 'with-care',
    text: {
      en: 'the sum may be off by {error}, and beside the reserve only {free} are free',
      zh: '估算误差可达 {error}，预留之外只剩 {free}',
    },
  },
  ONE_CORE_WITH_DATABASE: {
    weight: 'with-care',
    text: {
      en: 'one core for the app and the database: a heavy query holds up every request',
      zh: '应用与数据库共用一个核：一条慢查询会拖住所有请求',
    },
  },
  JAVA_BESIDE_DATABASE: {
    weight: 'with-care',
    text: {
      en: 'a JVM and a database share {memory}: each was made to have it alone',
      zh: 'JVM 与数据库共用 {memory}：两者都按独占内存设计',
    },
  },
  NO_SWAP: {
    weight: 'with-care',
    text: {
      en: 'no swap: the first burst beyond the sum is a kill; 1 GiB of swap turns it into slowness',
      zh: '没有 swap：超出预算的第一次突发就会杀进程；1 GiB swap 可把它变成变慢',
    },
  },
  WORKER_GAP: {
    weight: 'with-care',
    text: {
      en: 'one worker and no room for a second: each replacement is a pause of about a second',
      zh: '只有一个工作进程，也没有余地再起一个：每次更换都会停顿约一秒',
    },
  },
  LIVE_VIDEO: {
    weight: 'with-care',
    text: {
      en: 'the video must come from a streaming service: {bandwidth} carry {viewers} viewers of 1 Mbit/s',
      zh: '视频必须走直播服务：{bandwidth} 只够 {viewers} 个 1 Mbit/s 的观众',
    },
  },
  SYNC_WORKERS: {
    weight: 'with-care',
    text: {
      en: '{service} has {workers} sync workers: so many slow answers (a login waits for WeChat) stop it entirely',
      zh: '{service} 只有 {workers} 个同步 worker：同时出现这么多慢请求（登录要等微信）就全部卡住',
    },
  },
  PAYMENTS_ONE_BOX: {
    weight: 'note',
    text: {
      en: 'payments on one box: keep a backup of every day elsewhere, and reconcile with WeChat Pay daily',
      zh: '单机收款：每天把备份存到别处，并与微信支付对账',
    },
  },
  DAU_ASSUMED: {
    weight: 'note',
    text: {
      en: 'nobody told how many users come: {dau} a day are assumed',
      zh: '未指定日活，按 {dau} 估算',
    },
  },
  BANDWIDTH_UNKNOWN: {
    weight: 'note',
    text: {
      en: 'the bandwidth is not known and was left out; on the cheapest boxes it runs out first',
      zh: '带宽未知，未计入；最便宜的机器往往先用完带宽',
    },
  },
  DISK_UNKNOWN: {
    weight: 'note',
    text: { en: 'the disk is not known and was left out', zh: '磁盘未知，未计入' },
  },
  NOT_CALIBRATED: {
    weight: 'note',
    text: {
      en: 'CPU costs were measured elsewhere and doubled for a cheap core; --calibrate takes those of this box',
      zh: 'CPU 开销为别处实测值按廉价核心翻倍；用 --calibrate 换成本机实测',
    },
  },
} as const satisfies Record<string, ReasonKind>;

export type ReasonCode = keyof typeof REASONS;
