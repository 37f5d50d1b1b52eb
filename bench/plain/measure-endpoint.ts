import autocannon, { type Options, type Result } from 'autocannon';
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
/** Far below what either can take: latency at saturation is only the length of the queue. */
const STEADY_REQUESTS_PER_SECOND = 500;

export async function measureEndpoint(
  { url, roots }: RunningContender,
  endpoint: Endpoint,
  seconds: number,
): Promise<EndpointFigures> {
  const request = await requestFor(url, endpoint);
  const common = { url, connections: CONNECTIONS, ...request };
  await autocannon({ ...common, duration: 2 });
  const cpuBefore = treeCpuSeconds(roots);
  const full = await autocannon({ ...common, duration: seconds });
  const cpuSeconds = treeCpuSeconds(roots) - cpuBefore;
  const steady = await autocannon({ ...common, duration: seconds, overallRate: STEADY_REQUESTS_PER_SECOND });
  return {
    requestsPerSecond: full['2xx'] / full.duration,
    requestsPerCpuSecond: full['2xx'] / cpuSeconds,
    steadyP50Ms: steady.latency.p50,
    steadyP99Ms: steady.latency.p99,
    failed: failures(full) + failures(steady),
  };
}

async function requestFor(url: string, endpoint: Endpoint): Promise<Partial<Options>> {
  if (endpoint === 'create') {
    return {
      requests: [
        {
          method: 'POST',
          path: '/api/notes',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(noteAt(1)),
        },
      ],
    };
  }
  if (endpoint === 'list') return { requests: [{ path: '/api/notes?limit=20' }] };
  const page = (await (await fetch(`${url}/api/notes?limit=100`)).json()) as {
    items: { id: string | number }[];
  };
  return { requests: page.items.map(({ id }) => ({ path: `/api/notes/${id}` })) };
}

function failures(result: Result): number {
  return result.non2xx + result.errors + result.timeouts;
}
