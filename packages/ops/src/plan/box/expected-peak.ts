import { type Bytes, MiB } from '@maque/kit';
import { demandOf } from '../load/demand-of.ts';
import { sumOfPools } from './apps-around.ts';
import type { BoxPlan } from './box-plan.ts';
import { measuredPeak } from './calibration.ts';
import type { PlannedOf, PlannedService } from './planned-service.ts';
import { connectionsOf } from './services/nginx.ts';

/** What a box is under at the time of its peak. What is not told is taken from the demand of the plan. */
export interface PeakLoad {
  /** Requests at once. */
  readonly concurrency: number;
  /** Realtime connections of all apps together. */
  readonly sockets: number;
  /** Idle TLS connections at nginx. */
  readonly idleConnections: number;
  /** Live objects in the heap of one Node worker that is not ours. */
  readonly liveHeapBytes: Bytes;
  /** What the answer cache of one of our workers holds. */
  readonly cachedBytes: Bytes;
  /** Tables and indexes that the database has read or written: no more of its pool is resident. */
  readonly databaseBytes: Bytes;
  /** The same of the SQLite file of our own backend, which each connection keeps pages of. */
  readonly sqliteBytes: Bytes;
  /** Keys and values in Redis. */
  readonly redisBytes: Bytes;
}

/** Expected greatest PSS of one service. */
export interface ExpectedPeak {
  readonly service: string;
  readonly bytes: Bytes;
}

/**
 * All coefficients, in MiB unless said otherwise. They are to be at or a little above what is measured: what a service
 * may hold is in its budget, what it does hold under a known load is here.
 */
export const PEAK_COEFFICIENTS = {
  // Keeper and workers of the shop, PSS, 2 cores, by TLS through nginx (docs/reference/plan-reality.md): one worker 148 to
  // 168, two 197 to 247, three 268 to 318, whether the semi-space is 4 or 8: half of the young generation is touched. The first
  // worker keeps 14 to 26 of what it took to migrate and to fill the database.
  maque: {
    program: 36,
    keeper: 30,
    first: 26,
    worker: 46,
    live: 22,
    semiSpaces: 1.5,
    request: 0.016,
    socket: 0.012,
    sqlite: 1,
  },
  // 56 runs: the old space grows by about 105 over what lives in it before V8 collects in earnest (live 60: 139 to 165,
  // live 128: 177, live 256: 326), the young one to three semi-spaces. 49 is all else with database drivers, 34 without.
  node: {
    program: 36,
    keeper: 28,
    pm2: 58,
    worker: 34,
    drivers: 15,
    overLive: 105,
    untoldLive: 60,
    socket: 0.012,
  },
  // Java 17, SerialGC, after load. Plain: Xmx 64 → 96, 128 → 112, 256 → 150. Tomcat 10: 128 → 147, 256 → 189. Spring
  // Boot is assumed: Tomcat, and 5,000 classes and 40 of live objects more.
  java: {
    plain: { base: 79, ofHeap: 0.28 },
    tomcat: { base: 105, ofHeap: 0.33 },
    'spring-boot': { base: 173, ofHeap: 0.33 },
  },
  // nginx 1.22, a master and two workers; requests are small ones (of all buffers a third is touched). A
  // WebSocket is 41.3 KiB, its TLS connection among them.
  nginx: { base: 11.5, furtherWorker: 4, idleConnection: 0.0168, socket: 0.0256, ofRequestBuffers: 0.33 },
  // MariaDB 10.11 with its rendered file and unit, besides its pool: 50 to 56 with 5 busy connections, 59 to 64 with 10, 73
  // to 82 with 20, 80 to 100 with 30 (docs/reference/plan-reality.md).
  mariadb: { base: 60, idle: 0.15, busy: 1.4, performanceSchema: 105 },
  // Not measured: the margin of its budget.
  mysql: { base: 167, idle: 0.15, busy: 1.9, performanceSchema: 105 },
  // Redis 7: 7 PSS without data, 12 resident; 35 % of the data is copied during a snapshot under heavy writes.
  redis: { base: 9, ofData: 1.05, copied: 0.35, client: 0.009 },
} as const;

/** One that reads and one that writes, each with pages of its own. */
const SQLITE_CONNECTIONS = 2;
/** What nginx holds for the requests that it passes on. */
const NGINX_REQUEST_LINES: ReadonlySet<string> = new Set(['ACTIVE_CONNECTIONS', 'COMPRESSION']);

/** The load that the plan's own demand comes to. */
export function peakLoadOf({ request, services }: BoxPlan): PeakLoad {
  const { concurrency, sockets } = demandOf(request);
  const nginx = request.services.find((service) => service.kind === 'nginx');
  const redis = services.find((service) => service.kind === 'redis');
  return {
    concurrency,
    sockets,
    idleConnections: nginx === undefined ? 0 : connectionsOf(nginx, request),
    liveHeapBytes: PEAK_COEFFICIENTS.node.untoldLive * MiB,
    // A cache and a pool fill in the course of days, whatever the load.
    cachedBytes: Number.POSITIVE_INFINITY,
    databaseBytes: Number.POSITIVE_INFINITY,
    sqliteBytes: Number.POSITIVE_INFINITY,
    redisBytes: redis?.request.dataBytes ?? Number.POSITIVE_INFINITY,
  };
}

/**
 * The greatest PSS that each service is expected to show under a load: never below what is measured, and little above.
 * Its budget is what it may hold; this is what it will.
 */
export function expectedPeaks(plan: BoxPlan, told: Partial<PeakLoad> = {}): readonly ExpectedPeak[] {
  const load = { ...peakLoadOf(plan), ...told };
  return plan.services.map((service) => {
    const { name } = service.request;
    const measured = measuredPeak(plan.request.calibration, name);
    const expected = measured ?? Math.ceil(MiB * peakOf(service, load, plan));
    return { service: name, bytes: Math.min(expected, service.budgetBytes) };
  });
}

/** All services together, without the operating system. */
export function expectedPeakBytes(plan: BoxPlan, told: Partial<PeakLoad> = {}): Bytes {
  return expectedPeaks(plan, told).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** In MiB. */
function peakOf(service: PlannedService, load: PeakLoad, plan: BoxPlan): number {
  switch (service.kind) {
    case 'maque':
      return maquePeak(service, load);
    case 'node':
      return nodePeak(service, load, plan);
    case 'java': {
      const { base, ofHeap } = PEAK_COEFFICIENTS.java[service.request.framework];
      return base + ofHeap * service.heapMb;
    }
    case 'nginx':
      return nginxPeak(service, load, plan);
    case 'mariadb':
    case 'mysql':
      return databasePeak(service, load, plan);
    case 'redis':
      return redisPeak(service, load, plan);
    default:
      // Measured after load, or told: the budget is what is expected.
      return service.budgetBytes / MiB;
  }
}

function maquePeak({ budget }: PlannedOf<'maque'>, load: PeakLoad): number {
  const { program, keeper, first, worker, live, semiSpaces, request, socket, sqlite } =
    PEAK_COEFFICIENTS.maque;
  const { workers, perWorker, server } = budget;
  const cached = Math.min(load.cachedBytes, server?.cacheBytes ?? 0) / MiB;
  const pages = Math.min(SQLITE_CONNECTIONS * load.sqliteBytes, server?.sqliteCacheBytes ?? 0) / MiB;
  const atWork = Math.min(load.concurrency / workers, server?.maxConcurrent ?? 0) * request;
  const open = Math.min(load.sockets / workers, server?.maxConnections ?? 0) * socket;
  const each = worker + live + semiSpaces * perWorker.semiSpaceMb + cached + pages * sqlite + atWork + open;
  return program + keeper + first + workers * each;
}

function nodePeak(service: PlannedOf<'node'>, load: PeakLoad, { request, lines }: BoxPlan): number {
  const node = PEAK_COEFFICIENTS.node;
  const drivers = request.services.some(({ kind }) => ['mariadb', 'mysql', 'redis'].includes(kind));
  const oldSpace = Math.min(service.oldSpaceMb, load.liveHeapBytes / MiB + node.overLive);
  const sockets = (load.sockets / service.workers) * node.socket;
  const each = node.worker + (drivers ? node.drivers : 0) + oldSpace + 3 * service.semiSpaceMb + sockets;
  // One PM2 keeps several programs, so only one of them has it in its sum.
  const holds = (code: string) =>
    lines.some((line) => line.service === service.request.name && line.code === code);
  const kept = (holds('KEEPER') ? node.keeper : 0) + (holds('WATCHER') ? node.pm2 : 0);
  return node.program + kept + service.workers * each;
}

function nginxPeak(service: PlannedOf<'nginx'>, load: PeakLoad, { lines }: BoxPlan): number {
  const { base, furtherWorker, idleConnection, socket, ofRequestBuffers } = PEAK_COEFFICIENTS.nginx;
  const further = Math.max(0, service.workerProcesses - 2) * furtherWorker;
  const full = lines
    .filter((line) => line.service === service.request.name && NGINX_REQUEST_LINES.has(line.code))
    .reduce((sum, { bytes }) => sum + bytes, 0);
  const atWork = Math.min(1, load.concurrency / service.requestsAtOnce);
  const open = load.idleConnections * idleConnection + Math.min(load.sockets, service.sockets) * socket;
  return base + further + open + (full / MiB) * atWork * ofRequestBuffers;
}

function databasePeak(service: PlannedOf<'mariadb' | 'mysql'>, load: PeakLoad, { request }: BoxPlan): number {
  const { base, idle, busy, performanceSchema } = PEAK_COEFFICIENTS[service.kind];
  const touched = Math.min(service.poolBytes, load.databaseBytes) / MiB;
  const pools = sumOfPools(request);
  const open = Math.min(service.connections, pools === 0 ? service.connections : pools);
  const atWork = Math.min(load.concurrency, service.busyConnections);
  return base + touched + open * idle + atWork * busy + (service.performanceSchema ? performanceSchema : 0);
}

function redisPeak(service: PlannedOf<'redis'>, load: PeakLoad, { request }: BoxPlan): number {
  const { base, ofData, copied, client } = PEAK_COEFFICIENTS.redis;
  const data = Math.min(service.maxMemoryBytes, load.redisBytes) / MiB;
  const clients = Math.min(service.maxClients, sumOfPools(request)) * client;
  return base + data * (ofData + (service.persistent ? copied : 0)) + clients;
}
