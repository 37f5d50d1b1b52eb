import { DAY, defineSettings, GiB, KiB, MiB, SECOND, type SettingsOf } from '@maque/kit';
import { accountSettings } from './account-settings.ts';
import { backupSettings } from './backup-settings.ts';
import { storeSettings } from './store-settings.ts';
import { wechatSettings } from './wechat-settings.ts';

/** Every setting of the server. The command adds its own rows (workers, memory budget) and resolves them together. */
export const serverSettings = defineSettings({
  port: {
    type: 'port',
    env: 'PORT',
    flag: 'port',
    default: 8080,
    reason: 'needs no root, and what cloud runners (CloudBase Run, containers) expect unless told',
    meaning: { en: 'Port of the HTTP server; 0 for any free one', zh: 'HTTP 端口；0 表示任选空闲端口' },
  },
  host: {
    type: 'string',
    env: 'MAQUE_HOST',
    flag: 'host',
    default: '127.0.0.1',
    reason:
      'the world comes in through nginx on the same box (TLS); in dev the simulator lets anyone in as anyone, so a laptop must not offer it to its network. A container, or a phone in the LAN, needs 0.0.0.0',
    meaning: {
      en: 'Address to listen on; 0.0.0.0 for all',
      zh: '监听地址；容器内或局域网真机调试用 0.0.0.0',
    },
  },
  env: {
    type: 'string',
    env: 'MAQUE_ENV',
    flag: 'env',
    choices: ['dev', 'staging', 'prod'],
    default: 'dev',
    reason: 'a newcomer has no AppID yet; prod demands what safety needs, so it is asked for by name',
    meaning: { en: 'Environment', zh: '运行环境' },
  },
  dataDir: {
    type: 'path',
    env: 'MAQUE_DATA_DIR',
    flag: 'data-dir',
    default: './data',
    reason: 'beside the app; each other environment has its own: ./data-staging, ./data-prod',
    meaning: {
      en: 'Folder of the database, files, logs and secrets',
      zh: '数据目录：数据库、文件、日志与密钥',
    },
  },
  lang: {
    type: 'string',
    env: 'MAQUE_LANG',
    flag: 'lang',
    choices: ['en', 'zh-CN'],
    meaning: {
      en: 'Language of messages; without it LANG decides',
      zh: '提示语言；未设置时由 LANG 决定',
    },
  },

  wechatAppId: {
    type: 'string',
    env: 'MAQUE_WECHAT_APP_ID',
    meaning: { en: 'AppID of the mini-program', zh: '小程序 AppID' },
  },
  wechatSecret: {
    type: 'string',
    env: 'MAQUE_WECHAT_SECRET',
    secret: true,
    meaning: { en: 'AppSecret of the mini-program', zh: '小程序 AppSecret' },
  },
  wechatBaseUrl: {
    type: 'string',
    env: 'MAQUE_WECHAT_BASE_URL',
    default: 'https://api.weixin.qq.com',
    reason: 'WeChat; in dev the command puts the address of the simulator here when there is no AppID',
    meaning: { en: 'Where WeChat answers', zh: '微信接口地址' },
  },
  allowNoWechat: {
    type: 'boolean',
    env: 'MAQUE_ALLOW_NO_WECHAT',
    flag: 'allow-no-wechat',
    default: false,
    reason: 'in prod a missing AppID is a mistake until someone says that it is meant',
    meaning: {
      en: 'Run in prod without WeChat: no WeChat login at all',
      zh: '生产环境不接微信：不提供微信登录',
    },
  },

  ...wechatSettings,
  ...storeSettings,
  ...accountSettings,

  tokenTtl: {
    type: 'duration',
    env: 'MAQUE_TOKEN_TTL',
    default: 7 * DAY,
    min: 60 * SECOND,
    max: 365 * DAY,
    reason: 'wx.login renews silently, so a short life costs users nothing; a week keeps logins rare',
    meaning: { en: 'How long a login lasts', zh: '登录有效期' },
  },
  bodyLimit: {
    type: 'bytes',
    env: 'MAQUE_BODY_LIMIT',
    default: 1 * MiB,
    min: 1 * KiB,
    max: 64 * MiB,
    reason: 'ten times the largest JSON a mini-program sends; files do not travel as JSON',
    meaning: { en: 'Largest request body', zh: '请求体上限' },
    memoryEffect: { en: 'bodyMemory must hold one of these', zh: 'bodyMemory 至少容纳一个' },
  },
  bodyMemory: {
    type: 'bytes',
    env: 'MAQUE_BODY_MEMORY',
    default: 16 * MiB,
    min: 1 * MiB,
    reason:
      'sixteen of the largest bodies, or 32 files on their way, at once; what is smaller than 4 KiB, as nearly all is, does not count. The budget lowers it on small boxes',
    meaning: {
      en: 'Bodies of all requests in flight together, and long answers of records, in each worker; beyond it 503',
      zh: '每个工作进程中全部在途请求体及较长的记录响应合计上限；超出时返回 503',
    },
    memoryEffect: {
      en: 'Up to three times this in every worker: bytes, text and object',
      zh: '每个工作进程最多占用本值的三倍：字节、文本与对象',
    },
  },
  uploadLimit: {
    type: 'bytes',
    env: 'MAQUE_UPLOAD_LIMIT',
    default: 10 * MiB,
    min: 1 * KiB,
    max: 2 * GiB,
    reason:
      'photos of phones have 3 to 8 MB, and what is larger than this does not arrive within requestTimeout without a proxy that buffers; videos belong in an object store',
    meaning: { en: 'Largest file of one upload', zh: '单个上传文件上限' },
    memoryEffect: { en: 'None: files are streamed', zh: '无：文件以流方式写入磁盘' },
  },
  uploadQuota: {
    type: 'bytes',
    env: 'MAQUE_UPLOAD_QUOTA',
    default: 100 * MiB,
    min: 0,
    reason:
      'ten of the largest files, or some fifty photos; a hundred users who use it up fill a quarter of a 40 GB disk',
    meaning: { en: 'What the files of one user may add up to', zh: '每位用户的文件总量上限' },
  },
  uploadCount: {
    type: 'integer',
    env: 'MAQUE_UPLOAD_COUNT',
    default: 500,
    min: 0,
    max: 1_000_000,
    reason: 'a photo a day for more than a year; small files cost an inode and a row each',
    meaning: {
      en: 'Files that one user may keep; 0 for no uploads',
      zh: '每位用户可保存的文件数；0 表示不允许上传',
    },
  },
  thumbnails: {
    type: 'boolean',
    env: 'MAQUE_THUMBNAILS',
    default: true,
    reason:
      'a list of photos as they were taken costs a phone 5 MB each. Off where the box has no memory for it, or the store takes money for it: then the whole picture is sent',
    meaning: {
      en: 'Smaller pictures of uploads by ?size=',
      zh: '按 ?size= 提供上传图片的缩略图',
    },
    memoryEffect: {
      en: 'With files on disk or in S3: up to 300 MiB in a helper process of each worker while it works, and for 10 s after',
      zh: '文件在磁盘或 S3 时：每个工作进程的辅助进程工作期间及其后 10 秒内最多占用 300 MiB',
    },
  },
  cacheMemory: {
    type: 'bytes',
    env: 'MAQUE_CACHE_MEMORY',
    default: 16 * MiB,
    min: 0,
    reason: 'about 4,000 cached product pages; the budget lowers it on small boxes',
    meaning: { en: 'Bound of the in-process cache, in each worker', zh: '每个工作进程的内存缓存上限' },
    memoryEffect: { en: 'Up to this much in every worker', zh: '每个工作进程最多占用该值' },
  },
  sqliteCache: {
    type: 'bytes',
    env: 'MAQUE_SQLITE_CACHE',
    default: 8 * MiB,
    min: 64 * KiB,
    reason:
      'holds the inner index pages of a million rows; leaf pages come from the page cache of the kernel',
    meaning: { en: 'SQLite page cache, in each worker', zh: '每个工作进程的 SQLite 页缓存' },
    memoryEffect: { en: 'Up to this much in every worker', zh: '每个工作进程最多占用该值' },
  },
  sqliteSynchronous: {
    type: 'string',
    env: 'MAQUE_SQLITE_SYNCHRONOUS',
    choices: ['full', 'normal'],
    default: 'full',
    reason:
      'who was told that an order is placed must find it after a power cut; one wait for the disk serves all who write meanwhile, and no request stands still for it. normal loses what was written in the last seconds before a power cut, and nothing when a process dies',
    meaning: {
      en: 'When a write is acknowledged: full (it is on disk), or normal (it is handed to the kernel)',
      zh: '何时确认写入：full（已落盘）或 normal（已交给内核）',
    },
  },

  ...backupSettings,

  maxConcurrent: {
    type: 'integer',
    env: 'MAQUE_MAX_CONCURRENT',
    default: 256,
    min: 1,
    max: 10_000,
    reason:
      'a worker saturates its core with far fewer, but who waits for WeChat (0.1 to 1 s a login, a quarter of the places at most) needs a place and no core',
    meaning: { en: 'Requests worked on at once, in each worker', zh: '每个工作进程同时处理的请求数' },
    memoryEffect: {
      en: 'About 16 KiB for each, with a body of up to 4 KiB',
      zh: '每个约 16 KiB（含 4 KiB 以内的请求体）',
    },
  },
  maxQueued: {
    type: 'integer',
    env: 'MAQUE_MAX_QUEUED',
    default: 128,
    min: 0,
    max: 100_000,
    reason: 'as many as are worked on: the wait stays near one service time',
    meaning: {
      en: 'Requests that may wait for their turn, in each worker',
      zh: '每个工作进程可排队的请求数',
    },
    memoryEffect: { en: 'About 4 KiB for each waiting request', zh: '每个排队请求约 4 KiB' },
  },
  queueTimeout: {
    type: 'duration',
    env: 'MAQUE_QUEUE_TIMEOUT',
    default: 1 * SECOND,
    min: 1,
    reason: 'who has waited a second is better told to come back than served late',
    meaning: { en: 'How long a request may wait for its turn', zh: '请求排队的最长时间' },
  },
  maxTurnDelay: {
    type: 'duration',
    env: 'MAQUE_MAX_TURN_DELAY',
    default: 100,
    min: 1,
    reason:
      'what arrives waits for one turn of the event loop and is worked on in the next: with two turns of 100 ms nearly all answers come within the 300 ms that people do not notice',
    meaning: {
      en: 'Event-loop delay that, when it stands, makes the worker shed load',
      zh: '事件循环延迟持续超过该值时开始拒绝新请求',
    },
  },
  latencyGoal: {
    type: 'duration',
    env: 'MAQUE_LATENCY_GOAL',
    default: 300,
    min: 10,
    reason: 'what people do not notice as waiting, with a mobile line of 50 to 100 ms beside it',
    meaning: {
      en: 'Time within which 95 of 100 requests are to be answered; a busy server that is slower leaves out optional work (expand, count, thumbnails), then takes fewer requests at once',
      zh: '95% 的请求应在此时间内应答；繁忙且超时时先省去可选工作（expand、count、缩略图），再减少同时处理的请求数',
    },
  },
  maxConnections: {
    type: 'integer',
    env: 'MAQUE_MAX_CONNECTIONS',
    default: 2_000,
    min: 1,
    max: 100_000,
    reason: 'idle keep-alive sockets cost 11.8 KiB each (measured): 23 MiB at most',
    meaning: { en: 'Connections kept open, in each worker', zh: '每个工作进程的最大连接数' },
    memoryEffect: { en: '11.8 KiB for each connection', zh: '每个连接约 11.8 KiB' },
  },
  headersTimeout: {
    type: 'duration',
    env: 'MAQUE_HEADERS_TIMEOUT',
    default: 10 * SECOND,
    min: 100,
    reason: 'headers fit in one packet; who needs ten seconds for them is not a mini-program',
    meaning: { en: 'Time for the headers of a request to arrive', zh: '请求头到达时限' },
  },
  requestTimeout: {
    type: 'duration',
    env: 'MAQUE_REQUEST_TIMEOUT',
    default: 30 * SECOND,
    min: 100,
    reason: '1 MiB at 35 KB/s, a bad mobile line',
    meaning: { en: 'Time for a whole request to arrive', zh: '完整请求到达时限' },
  },
  answerTimeout: {
    type: 'duration',
    env: 'MAQUE_ANSWER_TIMEOUT',
    default: 60 * SECOND,
    min: 100,
    reason: 'after a minute wx.request and nginx have both given up, and nobody is left to answer',
    meaning: {
      en: 'Time for an answer to be made and sent, but for files',
      zh: '生成并发出响应的时限（文件除外）',
    },
  },
  keepAliveTimeout: {
    type: 'duration',
    env: 'MAQUE_KEEP_ALIVE_TIMEOUT',
    default: 75 * SECOND,
    min: 0,
    reason:
      'longer than the 60 s for which nginx keeps an idle upstream connection, so that the proxy closes first',
    meaning: { en: 'How long an idle connection stays open', zh: '空闲连接保持时间' },
  },
  trustedProxy: {
    type: 'list',
    env: 'MAQUE_TRUSTED_PROXY',
    default: [],
    reason: 'a header that anybody can send must not decide who the caller is',
    meaning: {
      en: 'Addresses of proxies whose X-Forwarded-For counts, e.g. 127.0.0.1',
      zh: '可信代理地址（采信其 X-Forwarded-For），如 127.0.0.1',
    },
  },
  metricsToken: {
    type: 'string',
    env: 'MAQUE_METRICS_TOKEN',
    secret: true,
    meaning: {
      en: 'Token for /metrics on the public port; without it there is none',
      zh: '公开端口 /metrics 的令牌；未设置则不提供',
    },
  },
  controlSocket: {
    type: 'path',
    env: 'MAQUE_CONTROL_SOCKET',
    meaning: {
      en: "The keeper's control socket; the keeper sets it",
      zh: '守护进程控制套接字（由其自动设置）',
    },
  },

  logLevel: {
    type: 'string',
    env: 'MAQUE_LOG_LEVEL',
    choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace'],
    default: 'info',
    reason: 'info has one line per request; debug is for a bad day',
    meaning: { en: 'Least severity that is logged', zh: '日志级别' },
  },
  logDestination: {
    type: 'string',
    env: 'MAQUE_LOG_DESTINATION',
    choices: ['file', 'stdout', 'none'],
    default: 'file',
    reason: 'files are bounded here; a terminal or a journal is not ours to bound',
    meaning: { en: 'Where the log goes', zh: '日志输出位置' },
  },
  logTerminal: {
    type: 'boolean',
    env: 'MAQUE_LOG_TERMINAL',
    default: false,
    reason: '`maque dev` turns it on: whoever develops looks there; a service has its log',
    meaning: {
      en: 'Tell warnings and errors on the terminal too, and why a rule refused a request',
      zh: '警告和错误也显示在终端，并说明规则为何拒绝请求',
    },
  },
  logFileSize: {
    type: 'bytes',
    env: 'MAQUE_LOG_FILE_SIZE',
    default: 16 * MiB,
    min: 64 * KiB,
    reason: 'about 100,000 requests, and still opens in an editor',
    meaning: { en: 'Size at which a log file is closed and a new one begun', zh: '单个日志文件上限' },
  },
  logFiles: {
    type: 'integer',
    env: 'MAQUE_LOG_FILES',
    default: 4,
    min: 1,
    max: 100,
    reason: '64 MiB of log for each worker: a day of a small shop, and 0.3 % of a 40 GB disk',
    meaning: { en: 'Log files kept for each worker', zh: '每个工作进程保留的日志文件数' },
  },
});

export type ServerSettings = SettingsOf<typeof serverSettings>;
