import type { Milliseconds } from '@maque/kit';
import autocannon, { type Options, type Result } from 'autocannon';
import { noteAt } from '../plain/notes.ts';

/** What is stated of: creates over so many connections. */
const WRITERS = 100;
const READERS = 20;
/** Far below what a server can take: latency at saturation is only the length of the queue. */
const READS_PER_SECOND = 300;

export interface Rate {
  readonly perSecond: number;
  readonly p99Ms: Milliseconds;
  readonly failed: number;
}

/** Creates of one note after the other over all connections: as many as go, or so many a second. */
export async function create(url: string, seconds: number, perSecond?: number): Promise<Rate> {
  const note = {
    method: 'POST',
    path: '/api/notes',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(noteAt(1)),
  };
  const steady = perSecond === undefined ? {} : { overallRate: Math.round(perSecond) };
  return run({ url, connections: WRITERS, duration: seconds, requests: [note], ...steady }, seconds);
}

/** Notes read one by one at a steady rate, a hundred different ones. */
export async function read(url: string, seconds: number): Promise<Rate> {
  const page = (await (await fetch(`${url}/api/notes?limit=100`)).json()) as {
    readonly items: readonly { readonly id: string | number }[];
  };
  const requests = page.items.map(({ id }) => ({ path: `/api/notes/${id}` }));
  return run(
    { url, connections: READERS, duration: seconds, overallRate: READS_PER_SECOND, requests },
    seconds,
  );
}

async function run(options: Options, seconds: number): Promise<Rate> {
  const result = await autocannon(options);
  return { perSecond: result['2xx'] / seconds, p99Ms: result.latency.p99, failed: failures(result) };
}

function failures({ non2xx, errors, timeouts }: Result): number {
  return non2xx + errors + timeouts;
}
