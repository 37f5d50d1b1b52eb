import { type Bytes, MiB, type Text } from '@maque/kit';
import { inMiB } from '../../in-mebibytes.ts';
import { poolOf, untoldWorkers } from '../apps-around.ts';
import type { PlanRequest } from '../box-request.ts';
import { demandOf, type Layout, layOut } from '../layout.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import { fixedPart, fromMiB, type Part } from '../part.ts';
import type { ServiceModel } from '../service-model.ts';
import type { PythonRequest } from '../service-request.ts';

interface PythonServer {
  readonly masterMb: number;
  readonly workerMb: number;
  readonly workerSource: Text;
}

const SERVERS: Readonly<Record<PythonRequest['server'], PythonServer>> = {
  gunicorn: {
    masterMb: 22.7,
    workerMb: 20.4,
    workerSource: {
      en: 'measured: Gunicorn 20 with a small Flask app after load; add your imports',
      zh: '实测：Gunicorn 20 加小型 Flask 应用，压测后；请加上你引入的库',
    },
  },
  // Alone it has no master; two workers under Gunicorn were 62 with it.
  uvicorn: {
    masterMb: 0,
    workerMb: 33,
    workerSource: {
      en: 'measured: uvicorn with a small FastAPI app; add your imports',
      zh: '实测：uvicorn 加小型 FastAPI 应用；请加上你引入的库',
    },
  },
};

// A slow leak never grows old: a worker is replaced after so many requests, not all at the same time.
const MAX_REQUESTS = 1_000;
const MAX_REQUESTS_JITTER = 100;
/** What an app imports is not known: half of a worker again. */
const UNKNOWN_IMPORTS_PART = 0.5;

export const python: ServiceModel<'python'> = {
  kind: 'python',
  boundBySettings: false,
  reducible: ['workers'],
  demand: (request, { plan }) => demandOf(layoutOf(request, plan), 30),
  share(request, offeredBytes, { plan }) {
    const laidOut = layOut(request.name, layoutOf(request, plan), offeredBytes);
    return {
      planned: {
        kind: 'python',
        request,
        workers: laidOut.processes,
        maxRequests: MAX_REQUESTS,
        maxRequestsJitter: MAX_REQUESTS_JITTER,
        poolSize: poolOf(request),
        ...limitsFor(laidOut.budgetBytes, OOM_SCORE.app),
      },
      lines: laidOut.lines,
    };
  },
};

function layoutOf(request: PythonRequest, plan: PlanRequest): Layout {
  return {
    once: master(request),
    each: [worker(request)],
    fewest: request.workers ?? 1,
    most: request.workers ?? untoldWorkers(plan),
  };
}

function master({ server }: PythonRequest): readonly Part[] {
  const { masterMb } = SERVERS[server];
  if (masterMb === 0) return [];
  const part = fixedPart({
    code: 'MASTER',
    name: { en: 'Gunicorn master', zh: 'Gunicorn 主进程' },
    bytes: fromMiB(masterMb),
    formula: String(masterMb),
    errorBytes: fromMiB(0.1),
    source: { en: 'measured with 1, 2 and 4 workers', zh: '实测：1、2、4 个工作进程' },
  });
  return [part];
}

function worker({ server, workerBytes }: PythonRequest): Part {
  const { workerMb, workerSource } = SERVERS[server];
  const bytes: Bytes = workerBytes ?? fromMiB(workerMb);
  return fixedPart({
    code: 'WORKER',
    name: { en: 'Python worker', zh: 'Python 工作进程' },
    bytes,
    formula: inMiB(bytes),
    errorBytes: workerBytes === undefined ? Math.ceil(workerMb * UNKNOWN_IMPORTS_PART) * MiB : 0,
    source: workerBytes === undefined ? workerSource : { en: 'as told', zh: '由用户指定' },
  });
}
