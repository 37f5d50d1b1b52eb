import { type Bytes, KiB, MiB } from '@maque/kit';
import type { PlanRequest } from '../box-request.ts';
import { demandOf, type Layout, layOut, onePiece } from '../layout.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import { fixedPart, fromMiB, type Part } from '../part.ts';
import type { ServiceModel } from '../service-model.ts';
import type { NginxRequest } from '../service-request.ts';

// A phone keeps its connection for a minute after the last request: some hundreds at the peak of a small program.
const UNTOLD_CONNECTIONS = 500;
const UNTOLD_CONCURRENCY = 64;
const BASE_MB = 12.3;
const TWO_WORKERS = 2;
const FURTHER_WORKER_MB = 4;
const TLS_CONNECTION_BYTES: Bytes = 15.1 * KiB;
// One header buffer and eight of a page (nginx's defaults), a record of TLS, and the request's pool.
const ACTIVE_BYTES: Bytes = 64 * KiB;
const LEAST_OPEN_FILES = 65_535;
const LEAST_BODY: Bytes = MiB;

/** The proxy in front: TLS, compression, files. */
export const nginx: ServiceModel<'nginx'> = {
  kind: 'nginx',
  boundBySettings: false,
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
        clientMaxBodyBytes: largestBody(plan),
        ...limitsFor(budgetBytes, OOM_SCORE.nginx),
      },
      lines,
    };
  },
};

/** Idle connections that it holds at the peak: told, or those of phones and their realtime sockets. */
export function connectionsOf({ connections }: NginxRequest, { load }: PlanRequest): number {
  return connections ?? UNTOLD_CONNECTIONS + (load.sockets ?? 0);
}

function layoutOf(request: NginxRequest, plan: PlanRequest): Layout {
  const connections = connectionsOf(request, plan);
  return onePiece([base(plan.box.cores), idle(connections), active(plan.load.peakConcurrency)]);
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
      zh: '实测:一个主进程加两个工作进程(nginx 1.22);更多的工作进程每个按 4 假定',
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
      zh: '实测:每个空闲 TLS 连接 15.1 KiB(0–2000 个)',
    },
  });
}

function active(concurrency = UNTOLD_CONCURRENCY): Part {
  return fixedPart({
    code: 'ACTIVE_CONNECTIONS',
    name: { en: 'requests being passed on', zh: '正在转发的请求' },
    bytes: concurrency * ACTIVE_BYTES,
    formula: `${concurrency} × 0.0625`,
    errorBytes: (concurrency * ACTIVE_BYTES) / 2,
    source: {
      en: "nginx's buffers for each request: 4 KiB of header, 8 × 4 KiB of answer, 16 KiB of TLS, and its pool; not measured",
      zh: 'nginx 每个请求的缓冲区:4 KiB 响应头、8 × 4 KiB 响应体、16 KiB TLS,加上请求内存池;未实测',
    },
  });
}

/** A request that is passed on takes two: to the phone and to the app. Twice that, so that a reload finds room. */
function connectionsOfAWorker(request: NginxRequest, plan: PlanRequest): number {
  const wanted = (4 * connectionsOf(request, plan)) / plan.box.cores;
  return Math.max(1_024, 2 ** Math.ceil(Math.log2(wanted)));
}

function largestBody({ services, load }: PlanRequest): Bytes {
  const limits = services.map((service) =>
    service.kind === 'maque' ? (service.server?.bodyLimitBytes ?? LEAST_BODY) : LEAST_BODY,
  );
  return Math.ceil(Math.max(LEAST_BODY, load.uploadBytes ?? 0, ...limits));
}
