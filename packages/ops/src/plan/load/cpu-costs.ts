import type { Text } from '@maque/kit';

/** CPU time of one request in one program, on one core of the reference machine. */
export interface CpuCost {
  readonly micros: number;
  /** Measured for this project, or a guess from what was measured nearby. */
  readonly basis: 'measured' | 'assumed';
  readonly source: Text;
}

/**
 * How much slower a virtual core of a cheap cloud server is than one of the reference machine (AMD EPYC, 2 cores, Linux 6.18,
 * Node 26): half a physical core, shared with neighbours, often of an older generation. Assumed. What was measured on the box
 * itself is not multiplied.
 */
export const CLOUD_CORE_FACTOR = 2;

/** Above this part of the CPU queues grow faster than load: at 70 % a request waits about twice its own time (M/M/1). */
export const BUSY_SHARE = 0.7;

/** Requests of one visit over one TLS connection; after it the phone comes with a new handshake. Assumed. */
const REQUESTS_PER_HANDSHAKE = 10;
const PROXY_MICROS = 27;
const HANDSHAKE_MICROS = 240;

const measured = (micros: number, source: Text): CpuCost => ({ micros, basis: 'measured', source });
const assumed = (micros: number, source: Text): CpuCost => ({ micros, basis: 'assumed', source });

const shopMix: Text = {
  en: 'measured: the shop mix of this project’s benchmark',
  zh: '实测：本项目基准测试的商店混合负载',
};
const proxyRun: Text = {
  en: `measured: TLS, 3 kB of JSON gzipped, access log, kept-open upstream: ${PROXY_MICROS} µs; a full ECDSA P-256 handshake ${HANDSHAKE_MICROS} µs (RSA 2048: 436), one for ${REQUESTS_PER_HANDSHAKE} requests`,
  zh: `实测：TLS、3 kB JSON gzip、访问日志、上游长连接共 ${PROXY_MICROS} µs；完整 ECDSA P-256 握手 ${HANDSHAKE_MICROS} µs（RSA 2048 为 436），按 ${REQUESTS_PER_HANDSHAKE} 个请求一次`,
};
const pythonOrm: Text = {
  en: 'a bare route was measured at 153 µs (gunicorn, Flask) and 211 µs (uvicorn, FastAPI); two queries through an ORM are assumed to take the rest',
  zh: '空路由实测 153 µs（gunicorn + Flask）、211 µs（uvicorn + FastAPI）；其余按两次 ORM 查询估计',
};
const jvm: Text = {
  en: 'assumed: warm, JSON and two queries; the first minutes after a start cost several times that',
  zh: '估计值：预热后，含 JSON 与两次查询；刚启动的几分钟要贵数倍',
};

/** Each for one request of a usual mix, three reads to one write. Calibration takes their place. */
export const CPU_COSTS = {
  nginx: measured(PROXY_MICROS + HANDSHAKE_MICROS / REQUESTS_PER_HANDSHAKE, proxyRun),
  /** With its own SQLite, the queries in it. */
  'maque-sqlite': measured(51, shopMix),
  'maque-network-database': assumed(90, {
    en: 'assumed: with SQLite 51 µs were measured; a network driver added 38 µs to the same work on bare Fastify',
    zh: '估计值：用 SQLite 实测 51 µs；裸 Fastify 上网络驱动使同样工作多耗 38 µs',
  }),
  node: measured(209, {
    en: 'measured: Express 5 with mysql2, ioredis, winston and morgan on the shop mix',
    zh: '实测：Express 5 + mysql2、ioredis、winston、morgan，商店混合负载',
  }),
  'java-spring-boot': assumed(300, jvm),
  'java-tomcat': assumed(200, jvm),
  'java-plain': assumed(150, jvm),
  'python-gunicorn': assumed(1000, pythonOrm),
  'python-uvicorn': assumed(1000, pythonOrm),
  /** All queries of one request together. */
  database: measured(76, {
    en: 'measured: MariaDB under the same mix, all queries of a request; together with Redis 86 µs',
    zh: '实测：同样负载下 MariaDB 处理一个请求的全部查询；与 Redis 合计 86 µs',
  }),
  redis: measured(10, {
    en: 'measured: about 4 µs a command; two to three commands for a request',
    zh: '实测：每条命令约 4 µs；每个请求两三条命令',
  }),
} as const satisfies Record<string, CpuCost>;

export type CpuCostName = keyof typeof CPU_COSTS;
