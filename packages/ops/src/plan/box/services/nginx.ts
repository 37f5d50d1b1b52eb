import { type Bytes, KiB, MiB } from '@maque/kit';
import { inMiB } from '../../in-mebibytes.ts';
import { demandOf as loadOf } from '../../load/demand-of.ts';
import type { PlanRequest } from '../box-request.ts';
import { demandOf, type Layout, layOut, onePiece } from '../layout.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import { NGINX_ZONE_BYTES, requestBytes } from '../nginx-memory.ts';
import { fixedPart, fromMiB, type Part } from '../part.ts';
import type { ServiceModel } from '../service-model.ts';
import type { NginxRequest } from '../service-request.ts';

// A phone keeps its connection for a minute after its last request, and sends one in ten seconds while it is used
// (assumed): some hundreds at the peak of a small program.
const LEAST_PHONES = 500;
const SECONDS_PER_REQUEST = 10;
const LEAST_CONCURRENCY = 64;
// Slow phones hold a request open long after the app has answered it.
const REQUESTS_OVER_CONCURRENCY = 2;
/** Whoever lost the connection comes back before the old one is given up. */
const SOCKETS_OVER_PEAK = 1.25;
const LEAST_SOCKETS = 64;
/** `limit_conn` takes no more. */
const MOST_LIMIT = 65_535;
const BASE_MB = 12.3;
const TWO_WORKERS = 2;
const FURTHER_WORKER_MB = 4;
const TLS_CONNECTION_BYTES: Bytes = 15.1 * KiB;
/** Of a WebSocket: its connection to the app, a buffer each way, and the request that stays open. */
const SOCKET_BYTES: Bytes = 26.2 * KiB;
const PLACE_BYTES: Bytes = 434;
const CONNECTIONS_STEP = 1_024;
/** One worker may have so many times its part. */
const UNEVEN = 1.5;
/** 38,000 places: no app on one box answers more phones, and empty ones are memory for nothing. */
const MOST_PLACES: Bytes = 16 * MiB;
const LEAST_OPEN_FILES = 65_535;
// Maque's uploadLimit of 10 MiB, and what a form puts around it.
const LEAST_BODY: Bytes = 12 * MiB;
const BODY_OVER_UPLOAD = 1.2;

/** The proxy in front: TLS, compression, files. */
export const nginx: ServiceModel<'nginx'> = {
  kind: 'nginx',
  boundBySettings: true,
  reducible: ['connections'],
  demand: (request, { plan }) => demandOf(layoutOf(request, plan), 0),
  share(request, offeredBytes, { plan }) {
    const { lines, budgetBytes } = layOut(request.name, layoutOf(request, plan), offeredBytes);
    const workerProcesses = plan.box.cores;
    const workerConnections = connectionsOfAWorker(request, plan);
    return {
      planned: {
        kind: 'nginx',
        request,
        workerProcesses,
        workerConnections,
        openFiles: Math.max(LEAST_OPEN_FILES, 2 * workerConnections),
        requestsAtOnce: requestsAtOnce(plan),
        sockets: socketsOf(plan),
        clientMaxBodyBytes: largestBody(plan),
        ...limitsFor(budgetBytes, OOM_SCORE.nginx),
      },
      lines,
    };
  },
};

/** Idle connections that it holds at the peak: told, or those of the phones in use and their realtime sockets. */
export function connectionsOf({ connections }: NginxRequest, plan: PlanRequest): number {
  if (connections !== undefined) return connections;
  const { peakQps, sockets } = loadOf(plan);
  return Math.ceil(Math.max(LEAST_PHONES, peakQps * SECONDS_PER_REQUEST) + sockets);
}

function layoutOf(request: NginxRequest, plan: PlanRequest): Layout {
  const connections = connectionsOf(request, plan);
  const { cores } = plan.box;
  return onePiece([
    base(cores),
    places(cores * connectionsOfAWorker(request, plan)),
    idle(Math.max(connections, socketsOf(plan))),
    sockets(socketsOf(plan)),
    active(requestsAtOnce(plan), needsGzip(plan)),
    zones(),
    reload(cores),
  ]);
}

/** Requests that it lets in at once: twice what the app works on, for phones take their time to receive. */
function requestsAtOnce(plan: PlanRequest): number {
  const wanted = REQUESTS_OVER_CONCURRENCY * Math.max(LEAST_CONCURRENCY, Math.ceil(loadOf(plan).concurrency));
  return Math.min(MOST_LIMIT, wanted);
}

function socketsOf(plan: PlanRequest): number {
  return Math.min(MOST_LIMIT, Math.max(LEAST_SOCKETS, Math.ceil(SOCKETS_OVER_PEAK * loadOf(plan).sockets)));
}

/** Maque compresses its answers itself; other programs leave it to the proxy. */
export function needsGzip({ services }: PlanRequest): boolean {
  return services.some(({ kind }) => kind === 'node' || kind === 'java' || kind === 'python');
}

function base(workers: number): Part {
  const further = Math.max(0, workers - TWO_WORKERS);
  return fixedPart({
    code: 'NGINX',
    name: { en: 'nginx, its master and workers', zh: 'nginx 主进程与工作进程' },
    bytes: fromMiB(BASE_MB + further * FURTHER_WORKER_MB),
    formula: further === 0 ? `${BASE_MB}` : `${BASE_MB} + ${further} × ${FURTHER_WORKER_MB}`,
    errorBytes: fromMiB(0.2 + further * 2),
    source: {
      en: 'measured: a master and two workers (nginx 1.22); 4 for each further worker is assumed',
      zh: '实测：一个主进程加两个工作进程（nginx 1.22）；更多的工作进程每个按 4 假定',
    },
  });
}

function idle(connections: number): Part {
  return fixedPart({
    code: 'TLS_CONNECTIONS',
    name: { en: 'idle TLS connections', zh: '空闲的 TLS 连接' },
    bytes: Math.ceil(connections * TLS_CONNECTION_BYTES),
    formula: `${connections} × 0.0147`,
    errorBytes: fromMiB(0.2),
    source: {
      en: 'measured: 15.1 KiB for each idle TLS connection, 0 to 2,000 of them',
      zh: '实测：每个空闲 TLS 连接 15.1 KiB（0–2000 个）',
    },
  });
}

function places(count: number): Part {
  return fixedPart({
    code: 'CONNECTION_PLACES',
    name: { en: 'places for connections', zh: '连接名额' },
    bytes: count * PLACE_BYTES,
    formula: `${count} × 0.000414`,
    errorBytes: 0,
    source: {
      en: 'measured: 434 bytes for each of worker_connections in each worker, used or not (nginx 1.22)',
      zh: '实测：每个工作进程的每个 worker_connections 名额占 434 字节，无论是否使用（nginx 1.22）',
    },
  });
}

function sockets(count: number): Part {
  return fixedPart({
    code: 'SOCKETS',
    name: { en: 'WebSockets: their way to the app', zh: 'WebSocket：到应用的一侧' },
    bytes: Math.ceil(count * SOCKET_BYTES),
    formula: `${count} × 0.0256`,
    errorBytes: 0,
    source: {
      en: 'measured: 41.3 KiB for each WebSocket that is passed on, 15.1 of them counted as its TLS connection (1,200 of them)',
      zh: '实测：每个转发的 WebSocket 41.3 KiB，其中 15.1 已计入 TLS 连接（1200 个）',
    },
  });
}

function active(requests: number, gzip: boolean): Part {
  const each = requestBytes(gzip);
  return fixedPart({
    code: 'ACTIVE_CONNECTIONS',
    name: { en: 'requests being passed on', zh: '正在转发的请求' },
    bytes: requests * each,
    formula: `${requests} × ${inMiB(each)}`,
    errorBytes: 0,
    source: {
      en: 'every buffer that the rendered configuration allows, full at once; limit_conn lets no more in',
      zh: '生成的配置允许的所有缓冲区同时占满；limit_conn 不会放进更多',
    },
  });
}

function zones(): Part {
  return fixedPart({
    code: 'SHARED_ZONES',
    name: { en: 'sessions, counters and cache keys', zh: '会话、计数与缓存键' },
    bytes: NGINX_ZONE_BYTES,
    formula: inMiB(NGINX_ZONE_BYTES),
    errorBytes: 0,
    source: {
      en: 'shared zones of the rendered configuration, full',
      zh: '生成的配置中各共享内存区占满时',
    },
  });
}

function reload(workers: number): Part {
  return fixedPart({
    code: 'RELOAD',
    name: { en: 'a reload: old workers beside new ones', zh: '重载时新旧工作进程并存' },
    bytes: fromMiB(workers * FURTHER_WORKER_MB),
    formula: `${workers} × ${FURTHER_WORKER_MB}`,
    errorBytes: fromMiB(workers * 2),
    source: {
      en: 'assumed: as many workers again until the old ones have ended',
      zh: '假定：旧进程结束前工作进程数翻倍',
    },
  });
}

/** Each phone takes one, each request and each socket a second to the app; more than that, for workers get uneven parts. */
function connectionsOfAWorker(request: NginxRequest, plan: PlanRequest): number {
  const { cores } = plan.box;
  const all = connectionsOf(request, plan) + requestsAtOnce(plan) + socketsOf(plan);
  const wanted = Math.ceil((UNEVEN * all) / cores / CONNECTIONS_STEP) * CONNECTIONS_STEP;
  const most = MOST_PLACES / PLACE_BYTES / cores;
  return Math.max(CONNECTIONS_STEP, Math.min(wanted, Math.floor(most / CONNECTIONS_STEP) * CONNECTIONS_STEP));
}

/** `client_max_body_size`: what may come in from outside, whoever stands in front. */
export function largestBody({ services, load }: PlanRequest): Bytes {
  const limits = services.map((service) =>
    service.kind === 'maque' ? (service.server?.bodyLimitBytes ?? 0) : 0,
  );
  return Math.ceil(Math.max(LEAST_BODY, BODY_OVER_UPLOAD * Math.max(load.uploadBytes ?? 0, ...limits)));
}
