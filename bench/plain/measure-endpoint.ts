import autocannon, { type Result } from 'autocannon';
import { type AskedFor, requestBytes, targetAt } from '../load/request-bytes.ts';
import { steadyLoadApart } from '../load/steady-client.ts';
import { treeCpuSeconds } from '../measure/process-tree.ts';
import type { RunningContender } from './contender.ts';
import { noteAt } from './notes.ts';

export const ENDPOINTS = ['list', 'get', 'create'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** One endpoint of one server: saturated, and at a steady rate. */
export interface EndpointFigures {
  readonly requestsPerSecond: number;
  readonly requestsPerCpuSecond: number;
  readonly steadyP50Ms: number;
  readonly steadyP99Ms: number;
  /** Answers that were not right, or never came. */
  readonly failed: number;
}

const CONNECTIONS = 50;
const JSON_HEADERS = { 'content-type': 'application/json' };
/** At even distances, far below what either can take: latency at saturation is only the length of the queue. */
const STEADY_REQUESTS_PER_SECOND = 500;

export async function measureEndpoint(
  { url, roots }: RunningContender,
  endpoint: Endpoint,
  seconds: number,
): Promise<EndpointFigures> {
  const asked = await requestsFor(url, endpoint);
  const requests = asked.map(({ body, ...request }) =>
    body === undefined ? request : { ...request, body, headers: JSON_HEADERS },
  );
  const common = { url, connections: CONNECTIONS, requests };
  await autocannon({ ...common, duration: 2 });
  const cpuBefore = treeCpuSeconds(roots);
  const full = await autocannon({ ...common, duration: seconds });
  const cpuSeconds = treeCpuSeconds(roots) - cpuBefore;
  const target = targetAt(url);
  const steady = await steadyLoadApart({
    ...{ target, requests: asked.map((one) => requestBytes(target, one)) },
    ...{ connections: CONNECTIONS, requestsPerSecond: STEADY_REQUESTS_PER_SECOND, seconds },
  });
  return {
    requestsPerSecond: full['2xx'] / full.duration,
    requestsPerCpuSecond: full['2xx'] / cpuSeconds,
    steadyP50Ms: steady.latency.p50Ms,
    steadyP99Ms: steady.latency.p99Ms,
    failed: failures(full) + steady.failed,
  };
}

async function requestsFor(url: string, endpoint: Endpoint): Promise<readonly AskedFor[]> {
  if (endpoint === 'create') return [{ method: 'POST', path: '/api/notes', body: JSON.stringify(noteAt(1)) }];
  if (endpoint === 'list') return [{ path: '/api/notes?limit=20' }];
  const page = (await (await fetch(`${url}/api/notes?limit=100`)).json()) as {
    items: { id: string | number }[];
  };
  return page.items.map(({ id }) => ({ path: `/api/notes/${id}` }));
}

function failures(result: Result): number {
  return result.non2xx + result.errors + result.timeouts;
}
