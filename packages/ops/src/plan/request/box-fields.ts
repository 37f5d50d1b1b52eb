import { GiB, MiB } from '@maque/kit';
import type { BoxRequest, LoadRequest } from '../box/box-request.ts';
import { PROGRAM_KINDS } from '../box/box-request.ts';
import type { Calibration } from '../box/calibration.ts';
import type { RequestField } from './request-field.ts';

type FieldsOf<Part> = Readonly<Record<string, RequestField & { readonly to: keyof Part & string }>>;

/** Of the box. */
export const boxFields = {
  ram: {
    to: 'memoryBytes',
    type: 'size',
    least: 64 * MiB,
    most: 1024 * GiB,
    isRequired: true,
    meaning: { en: 'Memory of the box, such as 2G', zh: '服务器内存，如 2G' },
  },
  cores: {
    to: 'cores',
    type: 'count',
    least: 1,
    most: 256,
    isRequired: true,
    meaning: { en: 'Processor cores', zh: 'CPU 核数' },
  },
  bandwidth: {
    to: 'bandwidthBitsPerSecond',
    type: 'bandwidth',
    meaning: { en: 'To the outside, in bit/s: 5M', zh: '公网带宽，单位 bit/s:5M' },
  },
  disk: {
    to: 'diskBytes',
    type: 'size',
    meaning: { en: 'Disk for data, uploads and logs, such as 50G', zh: '可存数据、上传与日志的磁盘，如 50G' },
  },
  swap: { to: 'swapBytes', type: 'size', meaning: { en: 'Swap space', zh: '交换空间' } },
  bound: {
    to: 'bound',
    type: 'choice',
    choices: ['box', 'cgroup-v1', 'cgroup-v2'],
    meaning: {
      en: 'Whose memory it is: the box, or a container, outside of which the system lives',
      zh: '内存上限归谁：整机（box），或容器（系统在其外）',
    },
  },
} as const satisfies FieldsOf<BoxRequest>;

/** Of who uses it. */
export const loadFields = {
  program: {
    to: 'program',
    type: 'choice',
    choices: PROGRAM_KINDS,
    isRequired: true,
    meaning: {
      en: 'What the mini-program is for: tool, content, shop, booking, community, chat or live',
      zh: '小程序类型：tool 工具、content 内容、shop 商城、booking 预约、community 社区、chat 聊天、live 直播',
    },
  },
  dau: { to: 'dau', type: 'count', least: 1, meaning: { en: 'Users of a day', zh: '日活用户数' } },
  qps: {
    to: 'peakQps',
    type: 'amount',
    // A server that nobody asks needs no plan, and one a minute is nearly that.
    least: 0.01,
    most: 1_000_000,
    meaning: { en: 'Requests a second at the peak', zh: '峰值每秒请求数' },
  },
  concurrency: {
    to: 'peakConcurrency',
    type: 'count',
    least: 1,
    most: 1_000_000,
    meaning: { en: 'Requests at once at the peak', zh: '峰值并发请求数' },
  },
  sockets: {
    to: 'sockets',
    type: 'count',
    most: 10_000_000,
    meaning: { en: 'Realtime connections open at once', zh: '同时保持的实时连接数' },
  },
  uploads: { to: 'uploadsPerDay', type: 'count', meaning: { en: 'Uploads a day', zh: '每天上传次数' } },
  uploadSize: {
    to: 'uploadBytes',
    type: 'size',
    meaning: { en: 'Size of an upload, such as 500K', zh: '单次上传大小，如 500K' },
  },
  payments: { to: 'payments', type: 'switch', meaning: { en: 'Users pay', zh: '有支付' } },
} as const satisfies FieldsOf<LoadRequest>;

const MOST_MICROS = 60_000_000;

/** Of what was measured; the peaks by service stand beside them. */
export const calibrationFields = {
  measuredAt: { to: 'measuredAt', type: 'time', isRequired: true, meaning: { en: 'When', zh: '时间' } },
  cpuMicrosPerRequest: {
    to: 'cpuMicrosPerRequest',
    type: 'amount',
    most: MOST_MICROS,
    meaning: { en: 'CPU time of the app for one request, in µs', zh: '应用每个请求的 CPU 时间，微秒' },
  },
  proxyCpuMicrosPerRequest: {
    to: 'proxyCpuMicrosPerRequest',
    type: 'amount',
    most: MOST_MICROS,
    meaning: { en: 'CPU time of nginx for one request, in µs', zh: 'nginx 每个请求的 CPU 时间，微秒' },
  },
  databaseCpuMicrosPerRequest: {
    to: 'databaseCpuMicrosPerRequest',
    type: 'amount',
    most: MOST_MICROS,
    meaning: { en: 'CPU time of the database for one request, in µs', zh: '数据库每个请求的 CPU 时间，微秒' },
  },
  redisCpuMicrosPerRequest: {
    to: 'redisCpuMicrosPerRequest',
    type: 'amount',
    most: MOST_MICROS,
    meaning: { en: 'CPU time of Redis for one request, in µs', zh: 'Redis 每个请求的 CPU 时间，微秒' },
  },
  answerBytes: {
    to: 'answerBytes',
    type: 'size',
    meaning: { en: 'Mean size of an answer', zh: '响应平均大小' },
  },
  osBytes: {
    to: 'osBytes',
    type: 'size',
    meaning: { en: 'Memory of the system and all that is not planned', zh: '系统及未列入规划者所占内存' },
  },
} as const satisfies FieldsOf<Omit<Calibration, 'peakBytes'>>;
