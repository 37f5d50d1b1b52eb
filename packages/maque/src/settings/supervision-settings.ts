import type { KeeperOptions } from '@maque/keeper';
import { DAY, defineSettings, MINUTE, SECOND, type SettingsOf } from '@maque/kit';

/** When a worker is believed, doubted and replaced. */
export const supervisionSettings = defineSettings({
  probePath: {
    type: 'string',
    env: 'MAQUE_PROBE_PATH',
    flag: 'probe',
    meaning: {
      en: 'Where a new worker must answer 200 to 399 before it takes over, e.g. /healthz; any answer to HEAD / unless told',
      zh: '新工作进程接手前须以 200–399 应答的路径，如 /healthz；不设则对 HEAD / 有任何应答即可',
    },
  },
  bootTimeout: {
    type: 'duration',
    env: 'MAQUE_BOOT_TIMEOUT',
    default: 30 * SECOND,
    min: SECOND,
    max: 10 * MINUTE,
    reason: 'a cold start on a starved core with a database to migrate',
    meaning: { en: 'How long a worker may take until it listens', zh: '工作进程启动到开始监听的最长时间' },
  },
  hangNotice: {
    type: 'duration',
    env: 'MAQUE_HANG_NOTICE',
    default: 2 * SECOND,
    min: SECOND,
    max: 5 * MINUTE,
    reason: 'heartbeats come every second; who looks after two finds where a block of three hangs',
    meaning: {
      en: 'Look where a worker hangs when it is silent for this long',
      zh: '工作进程静默多久后查看其卡在何处',
    },
  },
  hangTimeout: {
    type: 'duration',
    env: 'MAQUE_HANG_TIMEOUT',
    default: 10 * SECOND,
    min: SECOND,
    max: 10 * MINUTE,
    reason: 'a synchronous second or two is bad style, ten seconds serve nobody',
    meaning: { en: 'Kill a worker that is silent for this long', zh: '工作进程静默多久后将其杀死' },
  },
  drainTimeout: {
    type: 'duration',
    env: 'MAQUE_DRAIN_TIMEOUT',
    default: 10 * SECOND,
    min: SECOND,
    max: 10 * MINUTE,
    reason: 'systemd grants 90 s, containers 10 at least; idle connections alone take up to 6.5',
    meaning: {
      en: 'How long a worker that goes may take to finish its requests',
      zh: '退出的工作进程处理完已有请求的最长时间',
    },
  },
  spread: {
    type: 'duration',
    env: 'MAQUE_SPREAD',
    max: 10 * MINUTE,
    meaning: {
      en: 'Over how long a worker that is replaced closes its WebSockets and event streams; 6.5 s unless told, and never longer than the drain',
      zh: '被替换的工作进程在多长时间内分散关闭 WebSocket 与事件流；默认 6.5 秒，不超过排空时限',
    },
  },
  stickySessions: {
    type: 'boolean',
    env: 'MAQUE_STICKY_SESSIONS',
    default: false,
    reason: 'only long-polling of Socket.IO and its kin needs it, and each connection is looked at for it',
    meaning: {
      en: 'Send all requests of one Socket.IO session to the worker that began it',
      zh: '将同一 Socket.IO 会话的请求都交给创建该会话的工作进程',
    },
  },
  recycleLeaks: {
    type: 'boolean',
    env: 'MAQUE_RECYCLE_LEAKS',
    default: true,
    reason: 'a restart at a quiet moment costs nobody a request, running out of memory does',
    meaning: {
      en: 'Replace a worker that will very probably run out of memory within half an hour, before it does',
      zh: '工作进程极可能在半小时内耗尽内存时，提前将其替换',
    },
  },
  maxAge: {
    type: 'duration',
    env: 'MAQUE_MAX_AGE',
    min: MINUTE,
    max: 366 * DAY,
    meaning: {
      en: 'Replace workers at about this age; never unless told',
      zh: '工作进程运行约多久后替换；不设则不因时长替换',
    },
  },
  maxRequests: {
    type: 'integer',
    env: 'MAQUE_MAX_REQUESTS',
    min: 100,
    max: 1_000_000_000_000,
    meaning: {
      en: 'Replace workers after about so many requests; never unless told',
      zh: '工作进程处理约多少个请求后替换；不设则不因请求数替换',
    },
  },
});

/** The settings as the keeper takes them. */
export function supervisionOf(values: SettingsOf<typeof supervisionSettings>) {
  return {
    probePath: values.probePath ?? null,
    bootTimeoutMs: values.bootTimeout,
    hangNoticeMs: values.hangNotice,
    hangTimeoutMs: values.hangTimeout,
    drainTimeoutMs: values.drainTimeout,
    spreadMs: values.spread ?? null,
    stickySessions: values.stickySessions,
    recycleLeaks: values.recycleLeaks,
    maxAgeMs: values.maxAge ?? null,
    maxRequests: values.maxRequests ?? null,
  } satisfies Partial<KeeperOptions>;
}
