import type { Milliseconds } from '@maque/kit';
import autocannon from 'autocannon';
import { type AskedFor, requestBytes, targetAt } from '../load/request-bytes.ts';
import { steadyLoadApart } from '../load/steady-client.ts';
import { noteAt } from '../plain/notes.ts';

/** What is stated of: creates over so many connections. */
const WRITERS = 100;
const READERS = 20;
/** Far below what a server can take: latency at saturation is only the length of the queue. */
const READS_PER_SECOND = 300;
const NOTE = JSON.stringify(noteAt(1));

export interface Rate {
  readonly perSecond: number;
  readonly p99Ms: Milliseconds;
  readonly failed: number;
}

/** Creates of one note after the other over all connections, as many as go. */
export async function createAll(url: string, seconds: number): Promise<Rate> {
  const note = {
    method: 'POST',
    path: '/api/notes',
    headers: { 'content-type': 'application/json' },
    body: NOTE,
  };
  const result = await autocannon({ url, connections: WRITERS, duration: seconds, requests: [note] });
  const failed = result.non2xx + result.errors + result.timeouts;
  return { perSecond: result['2xx'] / seconds, p99Ms: result.latency.p99, failed };
}

/** So many creates a second over all connections. */
export function create(url: string, seconds: number, perSecond: number): Promise<Rate> {
  const note: AskedFor = { method: 'POST', path: '/api/notes', body: NOTE };
  return steadily(url, [note], { connections: WRITERS, requestsPerSecond: perSecond, seconds });
}

/** Notes read one by one at a steady rate, a hundred different ones. */
export async function read(url: string, seconds: number): Promise<Rate> {
  const page = (await (await fetch(`${url}/api/notes?limit=100`)).json()) as {
    readonly items: readonly { readonly id: string | number }[];
  };
  const notes = page.items.map(({ id }) => ({ path: `/api/notes/${id}` }));
  return steadily(url, notes, { connections: READERS, requestsPerSecond: READS_PER_SECOND, seconds });
}

async function steadily(
  url: string,
  asked: readonly AskedFor[],
  load: { readonly connections: number; readonly requestsPerSecond: number; readonly seconds: number },
): Promise<Rate> {
  const target = targetAt(url);
  const requests = asked.map((one) => requestBytes(target, one));
  const { answered, failed, latency } = await steadyLoadApart({ target, requests, ...load });
  return { perSecond: answered / load.seconds, p99Ms: latency.p99Ms, failed };
}
