import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import type { Workshop } from '../runs/workshop.ts';
import { SELF_OBSERVED } from './contender.ts';
import { HelloLoad } from './hello-load.ts';
import { startHello } from './hello-server.ts';

/**
 * What the guard says of its own time, and what it says while a profiler in the same process sees the same. A profiler ends each
 * wait of the event loop by a signal, which makes the loop look busy to the guard, and busy loops are looked at more often.
 */
export interface OwnTime {
  readonly requestsPerSecond: number;
  readonly samplesPerSecond: number;
  readonly ownMicrosPerSecond: number;
  readonly profiledSamplesPerSecond: number;
  readonly profiledOwnMicrosPerSecond: number;
  /** What the profile has seen, requests included. */
  readonly profiledMicrosPerSecond: number;
  /** The part of it that is paid by requests, which the guard does not count itself. */
  readonly profiledRequestMicrosPerSecond: number;
}

/** What the goal speaks of. */
const REQUESTS_PER_SECOND = 10_000;
/** Starting up is over, and what is called often is compiled. */
const WARM_UP_MS: Milliseconds = 55_000;
/** Before the profile, since the profiler interrupts the guard too. A forced collection takes as long as thirty samples. */
const ACCOUNT_MS: Milliseconds = 45_000;
const PROFILE_MS: Milliseconds = 30_000;

/** Runs the guard at a steady load, and holds its account of the seconds after against a profile of them. Takes 130 s. */
export async function measureOwnTime(workshop: Workshop): Promise<OwnTime> {
  return await workshop.withClosing(async (closing) => {
    const { port } = await startHello(workshop, closing, SELF_OBSERVED);
    const load = new HelloLoad(port, REQUESTS_PER_SECOND);
    closing.push('load', () => load.kill());
    const ask = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
    await load.order('run');
    await sleep(WARM_UP_MS);
    await ask('/account');
    await sleep(ACCOUNT_MS);
    await ask('/profile');
    await sleep(PROFILE_MS);
    return (await (await ask('/end')).json()) as OwnTime;
  });
}
